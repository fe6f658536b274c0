"""Invented people: names, birthdays, and numbers that are valid in form and belong to nobody."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from bulou.kernel.clock import SHANGHAI
from bulou.oversight.drills.synthetic.chance import Chance
from bulou.oversight.drills.synthetic.geography import Geography, settlement
from bulou.oversight.drills.synthetic.model import Household, Person

START = datetime(2020, 1, 14, tzinfo=SHANGHAI)
"""Nothing in the demonstration is older."""
TODAY = date(2020, 2, 1)
"""The day on which ages are counted."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅"
    "沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
)
_MALE = (
    "伟 强 磊 军 洋 勇 杰 涛 超 明 刚 平 辉 鹏 飞 波 斌 宇 浩 凯 健 俊 帆 志强 建国 建华 文博 子轩 浩然 宇航 国庆 "
    "学军 振华 家豪 立新"
)
_FEMALE = (
    "芳 娜 敏 静 丽 艳 娟 霞 萍 红 玲 洁 梅 燕 琴 雪 莹 倩 颖 慧 秀英 桂英 玉兰 淑珍 秀兰 雨欣 梓涵 诗涵 婷婷 "
    "丽娟 晓燕 海燕 文静"
)
_NAMES = {"male": _MALE.split(), "female": _FEMALE.split()}
_SEQUENCES = {"male": (997, 999), "female": (996, 998)}
"""Sequence numbers the identity numbering once set aside for centenarians: nobody born since has one."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PHONE = 19_900_000_000


def id_number(district: str, birth_date: date, sequence: int) -> str:
    """An 18-digit number: district, birthday, sequence, check digit (GB 11643, ISO 7064 mod 11-2)."""
    digits = f"{district}{birth_date:%Y%m%d}{sequence:03}"
    return digits + _CHECK[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


@dataclass(slots=True)
class Population:
    """The people made so far. `new_household` and `new_person` add to them."""

    geography: Geography
    chance: Chance
    households: list[Household] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    surnames: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)

    def new_household(self, grid: str) -> Household:
        """A household in a grid, with an address of its own."""
        random = self.chance.random
        street = settlement(self.geography.names[grid[:12]])
        number = (
            f"{random.randint(1, 30)}号楼{random.randint(1, 4)}门{random.randint(1, 18)}{random.randint(1, 4):02}室"
        )
        address = f"{self.geography.full_name(grid[:9])}{street}{number}"
        household = Household(self.chance.id(START), grid, address)
        self.surnames[str(household.id)] = random.choice(_SURNAMES)
        self.households.append(household)
        return household

    def new_person(self, household: Household, *, sex: str | None = None, age: int | None = None) -> Person:
        """A member of the household; sex and age in years are drawn where not given."""
        random = self.chance.random
        sex = sex or random.choice(("male", "female"))
        age = _an_age(random) if age is None else age
        birth_date, number = self._birth(household.area[:6], sex, age)
        married_in = sex == "female" and age >= 25 and random.random() < 0.8
        surname = random.choice(_SURNAMES) if married_in else self.surnames[str(household.id)]
        name = surname + random.choice(_NAMES[sex])
        phone = str(_PHONE + len(self.people))
        person = Person(self.chance.id(START), household.area, household.id, name, sex, birth_date, number, phone)
        self.people.append(person)
        return person

    def _birth(self, district: str, sex: str, age: int) -> tuple[date, str]:
        """A birthday that makes the age, and a number of that day nobody else here has."""
        random = self.chance.random
        latest = _years_before(TODAY, age)
        days = (latest - _years_before(TODAY, age + 1)).days
        while True:
            birth_date = latest - timedelta(days=random.randrange(days))
            number = id_number(district, birth_date, random.choice(_SEQUENCES[sex]))
            if number not in self.numbers:
                self.numbers.add(number)
                return birth_date, number


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years)


def _an_age(random: Random) -> int:
    """An age of the city's adults and children, years."""
    return random.choices(
        (random.randint(1, 17), random.randint(18, 44), random.randint(45, 64), random.randint(65, 90)),
        (13, 38, 32, 17),
    )[0]
