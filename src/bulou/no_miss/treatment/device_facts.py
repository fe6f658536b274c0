"""Facts of devices of the bedside: who is put on which, and what becomes of the device."""

from pydantic import Field

from bulou.directory.facts import Ref, Words
from bulou.kernel.facts import FactData, fact


@fact("device.attached", on="episode", zh="上机", en="Put on a device")
class DeviceAttached(FactData):
    """The patient is on a device from now on: a ventilator, a monitor."""

    device: Ref = Field(title="设备", description="The device on the books, a place id")


@fact("device.freed", on="episode", zh="撤机", en="Taken off a device")
class DeviceFreed(FactData):
    """The patient needs the device no longer, or it was taken for somebody else."""

    device: Ref = Field(title="设备", description="The device on the books, a place id")
    reason: Words | None = Field(None, title="原因", description="Why the patient comes off it")


@fact("device.cleaned", on="place", zh="设备终末消毒", en="Device disinfected")
class DeviceCleaned(FactData):
    """The device had terminal disinfection: the next patient may be put on it."""

    agent: Words | None = Field(None, title="消毒剂", description="Agent and its concentration")


@fact("device.broken", on="place", zh="设备停用", en="Device out of use")
class DeviceBroken(FactData):
    """Nobody may be put on the device."""

    reason: Words = Field(title="原因", description="What is wrong with it")


@fact("device.repaired", on="place", zh="设备恢复使用", en="Device in use again")
class DeviceRepaired(FactData):
    """What was wrong with the device has been put right."""

    note: Words | None = Field(None, title="备注", description="What was done")


KINDS = (DeviceAttached, DeviceFreed, DeviceCleaned, DeviceBroken, DeviceRepaired)
