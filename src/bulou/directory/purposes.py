"""What a look at a person is for: a short list, so that looks can be counted and compared. Pure Python."""

from collections.abc import Mapping
from types import MappingProxyType

from bulou.kernel.text import Text

PURPOSES: Mapping[str, Text] = MappingProxyType(
    {
        "command": Text(zh="指挥调度", en="Command and coordination"),
        "management": Text(zh="社区管理与服务", en="Managing and serving in the community"),
        "tracing": Text(zh="流行病学调查", en="Contact tracing"),
        "screening": Text(zh="排查登记", en="Screening and registration"),
        "testing": Text(zh="采样检测", en="Sampling and testing"),
        "care": Text(zh="医疗救治与转运", en="Medical care or transport"),
        "isolation": Text(zh="隔离管理", en="Isolation"),
        "identity": Text(zh="核对身份", en="Making sure who it is"),
        "supplies": Text(zh="生活保障", en="Bringing what they need"),
        "inspection": Text(zh="督查核实", en="Checking how a duty was done"),
        "answer": Text(zh="答复本人或家属", en="Answering the person or their family"),
        "audit": Text(zh="安全与审计核查", en="Security or audit"),
    }
)
"""Every purpose a look can be recorded under, by name."""
_ROLES = {
    "command": "province_command city_command county_command town_command command_member general_coordination_group"
    " city_government county_government government_leader government_office development_zone_committee",
    "screening": "checkpoint customs border_inspection airport_task_force screening_group transport_hub station"
    " railway_station airport airline port_authority hotel",
    "management": "town_government village_committee grid_worker community_control_team community_group rural_group"
    " police_station grid_team property_company school boarding_school care_home company employer",
    "tracing": "cdc investigation_team expert_group epidemic_expert_group",
    "testing": "laboratory clinical_laboratory_centre",
    "care": "hospital reserve_hospital designated_hospital temporary_hospital fever_clinic township_clinic"
    " transport_team treatment_group treatment_expert_group psychological_service",
    "isolation": "isolation_site reserve_isolation_site isolation_team",
    "inspection": "supervision_group health_bureau discipline_commission",
    "audit": "security_administrator audit_administrator",
}
_PURPOSE_OF = {role: purpose for purpose, roles in _ROLES.items() for role in roles.split()}


def purpose_of(role: str) -> str:
    """What an account of this role looks at a person for, while its unit has a duty toward them; empty for none."""
    return _PURPOSE_OF.get(role, "")
