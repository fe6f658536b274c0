"""What an editor says of each key while a plan is written: `Part.key`, Chinese and English."""

_WORDS = """
Header.plan | 预案编号，与文件夹同名 | The plan's id, which is the name of its folder
Header.title | 标题 | Title
Header.source | 文号 | The document's own number
Header.issued | 成文日期 | The day it was issued
Header.area | 施行地区的区划代码，加引号；全国写空字符串 | Code of the area it is in force in, quoted; '' for all
Header.disease | 病种档案，见 diseases/ | A disease profile of diseases/
Header.extends | 所引用的预案，其责任一并施行 | Plans whose duties apply too
Header.timezone | 时区，默认 Asia/Shanghai | IANA time zone; Asia/Shanghai unless given
Header.chapters | 各章标题，按文件名开头的数字 | Headings, by the number a clause file's name begins with
Clause.clause | 条款编号，须列在 catalogue.txt | The clause's id, one of catalogue.txt
Clause.cites | 出处：文号和条款 | Where it stands: document and article
Clause.title | 用自己的话概括 | What it asks, in your own words
Clause.no_miss | 属于哪个“不漏” | Which of the five no-misses it serves
Clause.duties | 责任：谁在何事之后多久之内做什么 | Duties: who must do what, by when, after what
Clause.checklist | 检查清单 | What is gone through, where and how often
Clause.guard | 放行条件：某事之前须有什么 | What there must be before an act
Clause.criterion | 判据：级别或其终止的条件 | What a level, or its end, requires
Clause.target | 目标：何时之前达到多少 | A quantity to reach, perhaps by a date
Clause.groups | 工作组 | Work groups
Clause.register | 登记册：谁须登记、登记哪些项 | Who must be listed, with which fields
Clause.shows | 由哪个页面承载 | The screens that carry it
Clause.principle | 宣示性条款，说明为何无可执行 | Nothing to execute, and why
Duty.duty | 责任名，在预案内唯一 | Its name, unique in the plan
Duty.title | 责任标题；不写则用条款标题 | Its title; the clause's where left out
Duty.when | 什么事实触发它 | The fact that opens it
Duty.until | 什么结束它：事实、满多久，或先到者 | What ends it: a fact, a length of time, or the first of both
Duty.level | 只在此响应级别及以上有效 | Only at this response level or a graver one
Duty.within | 一次性：触发后多久之内 | Once: due so long after it opens
Duty.every | 重复：何时到期 | Again and again: when it falls due
Duty.must | 什么事实算完成 | The fact that does it
Duty.late | 重复的责任逾期多久内可补 | With every: how late it may still be done
Duty.by | 由哪个职责承担 | The role that owes it
Duty.tell | 逾期多久告知谁 | Who is told when it is overdue by how long
Duty.replaces | 取代所引用预案的哪项责任 | The duty of an extended plan it switches off
Trigger.fact | 事实类型 | A fact kind
Trigger.where | 对事实内容的条件，须同时满足 | Conditions on the fact's data; all must hold
Until.fact | 结束它的事实类型 | The fact kind that ends it
Until.where | 对事实内容的条件，须同时满足 | Conditions on the fact's data; all must hold
Until.after | 最长多久 | How long it lasts at most
Every.day | 每日时段，如 06:00/12:00 | Slots of the day, such as 06:00/12:00
Every.on | 只在起始后第几天 | Only so many days after the start
Every.period | 每隔多久 | Every so long
Level.at_least | IV 最轻，I 最重 | IV is the lightest, I the gravest
Tell.after | 逾期多久 | Overdue by how long
Tell.role | 告知谁 | Who is told
Checklist.checklist | 清单编号 | The checklist's id
Checklist.title | 清单标题 | Its title
Checklist.for | 用于哪类场所或单位 | The kinds of place or unit it is for
Checklist.every | 多久一次 | How often
Checklist.items | 逐项 | Its lines
Item.item | 项目编号 | The line's id
Item.zh | 中文 | Chinese
Item.en | 英文 | English
Guard.act | 受限的行为 | The act that is guarded
Guard.requires | 此前须有的事实 | The facts there must be before it
Guard.override | 两人可说明理由后放行 | Two people may override it with a reason
Requirement.fact | 事实类型 | A fact kind
Requirement.where | 对事实内容的条件，须同时满足 | Conditions on the fact's data; all must hold
Requirement.last | 须在最近多久之内 | Within the last so long
Requirement.text | 用一句话说明 | The requirement in a sentence
Criterion.of | 何事的判据 | What it decides
Criterion.measure | 衡量什么 | What is measured
Criterion.requires | 所需的事实 | The facts it requires
Target.of | 何事的目标 | What it is a target for
Target.quantity | 衡量什么 | What is counted
Target.value | 达到多少 | How much
Target.by | 何日之前 | By which day
Target.unit | 单位 | Unit
Group.group | 工作组编号 | The group's id
Group.title | 名称 | Its name
Group.lead | 牵头 | Who leads
Group.deputies | 副职 | Deputies
Group.members | 成员 | Members
Group.functions | 职能 | What it does
Register.of | 登记何种对象 | What is listed
Register.category | 哪些类别 | Which categories
Register.fields | 登记哪些项 | Which fields are kept
Register.title | 名称 | Its name
Show.screen | 承载它的页面 | The screen that carries it
Show.room | 页面待建时由哪个业务建 | The room that owes the screen while it is not there
Principle.why | 为何无可执行 | Why there is nothing to execute
Text.zh | 中文 | Chinese
Text.en | 英文 | English
Parameter.title | 参数标题 | Its title
Parameter.unit | 单位：UCUM 或普通词；期限用 h、d 等 | UCUM or a plain word; h, d and the like for periods
Parameter.profile | 取自病种档案的哪个数 | The number of the disease profile it is
Parameter.times | 该数的几倍 | So many times that number
Parameter.values | 自何日起取何值 | Value by date
Parameter.last_verified | 最近核对的日期 | The day somebody last looked it up
Parameter.reason | 文件未写明时，为何取此值 | Why this value, where the document leaves it open
Value.value | 值 | The value
Value.reference | 依据：文件和条款 | The document and article that set it
Value.disease | 只适用于哪种病 | The disease it was set for
Case.name | 案例名 | What happens, in a few words
Case.duty | 只看哪项责任；不写则看全部 | The duty it is about; all where left out
Case.now | 从哪一刻看 | The instant it is looked at from
Case.facts | 发生了什么 | What happened
Case.expect | 应有的全部责任 | All duties there should be
CaseFact.id | 短编号；不写则按次序 f1、f2 | A short id; f1, f2 by place where left out
CaseFact.kind | 事实类型 | A fact kind
CaseFact.subject | 对象，默认 person:a | What it is about; person:a unless given
CaseFact.area | 区划代码，默认预案的地区 | Area code; the plan's where left out
CaseFact.at | 何时 | When
CaseFact.by | 由谁记录 | Who recorded it
CaseFact.data | 内容 | Its data
CaseFact.supersedes | 取代或撤回哪条事实 | The fact it corrects or withdraws
Expected.duty | 责任 | The duty
Expected.subject | 对象；不写则不比较 | Its subject; not compared where left out
Expected.opens_at | 何时开始 | When it opens
Expected.due_at | 何时到期；不写则不比较 | When it is due; not compared where left out
Expected.state | 状态 | Its state
Expected.discharged_by | 由哪条事实完成；null 表示没有 | The fact that did it; null for none
"""


def descriptions() -> dict[str, str]:
    """`Duty.when` to “什么事实触发它 · The fact that opens it”."""
    rows = (line.split(" | ") for line in _WORDS.strip().splitlines())
    return {key: f"{zh} · {en}" for key, zh, en in rows}
