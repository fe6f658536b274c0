"""The names every disease profile has, and what each measures: said once, so that a plan may ask for any of them."""

from typing import NamedTuple

from bulou.kernel.text import Text


class DiseaseName(NamedTuple):
    """What a name of a profile stands for. `unit` is UCUM or a plain word."""

    section: str
    unit: str
    title: Text


_NAMES = """
periods  incubation_shortest      d     最短潜伏期 | Shortest incubation period
periods  incubation_median        d     潜伏期中位数 | Median incubation period
periods  incubation_longest       d     最长潜伏期 | Longest incubation period
periods  serial_interval_mean     d     平均代际间隔 | Mean serial interval
periods  infectious_before_onset  d     发病前具传染性的天数 | Days infectious before onset
periods  infectious_after_onset   d     发病后具传染性的天数 | Days infectious after onset
periods  observation              d     密切接触者医学观察 | Medical observation of a close contact
periods  arrival_observation      d     疫区来人医学观察 | Medical observation of an arrival from an affected area
periods  case_isolation           d     病例隔离天数（自发病或出疹起） | Days a case is isolated, from onset or rash
periods  after_discharge          d     出院后健康监测或隔离管理 | Monitoring or isolation after discharge
numbers  basic_reproduction       1     基本再生数 | Basic reproduction number
numbers  secondary_attack         %     家庭续发率 | Secondary attack rate in households
numbers  case_fatality            %     病死率 | Case fatality
numbers  fever_threshold          degC  发热阈值 | Fever threshold
numbers  legal_class              class 法定类别 | Legal class in China
numbers  report_within            h     病例网络直报时限 | Time to report a case
numbers  result_within            h     检测结果反馈时限 | Time from receipt of a specimen to its result
numbers  investigate_within       h     个案流调时限 | Time to investigate a case
numbers  contact_lookback         d     密切接触者追溯至发病前天数 | Days before onset from which contacts are traced
numbers  contact_distance         m     密切接触的距离 | Distance that makes a close contact
numbers  contact_time             min   密切接触的时长 | Time together that makes a close contact
numbers  test_days                d     观察期间检测日 | Days of observation on which a contact is tested
discharge  normal_temperature     d     体温正常天数 | Days of normal temperature
discharge  negative_tests         1     连续检测阴性次数 | Negative tests in a row
discharge  test_gap               h     两次采样间隔 | Time between the two samples
"""


def _read(line: str) -> tuple[str, DiseaseName]:
    section, name, unit, title = line.split(maxsplit=3)
    zh, _, en = title.partition(" | ")
    return name, DiseaseName(section, unit, Text(zh=zh, en=en))


NAMES: dict[str, DiseaseName] = dict(map(_read, filter(None, _NAMES.splitlines())))
"""By name, in the order in which they are shown. The legal class is that of the law on infectious diseases."""

DEFINITIONS = ("suspected", "confirmed", "close_contact")
"""The case definitions every profile has."""
