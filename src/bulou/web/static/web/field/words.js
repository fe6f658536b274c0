// The page's words, in its language, and small ways to say numbers and times.
export const words = JSON.parse(document.getElementById("phone-words").textContent);

export function say(name, values) {
  return words[name].replace(/\{(\w+)\}/g, function (_, key) { return values[key]; });
}

const CLOCK = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false };
const DAY = { timeZone: "Asia/Shanghai", month: "short", day: "numeric" };

// 18:04; on another day 2月10日 18:04, 10 Feb 18:04.
export function clockTime(instant, now) {
  const date = new Date(instant);
  const parts = new Intl.DateTimeFormat("en-GB", CLOCK).format(date);
  const day = function (one) { return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", DAY).format(one); };
  return day(date) === day(new Date(now)) ? parts : day(date) + " " + parts;
}

// What was entered, as the row says it: 36.8 ℃, yes, mild.
export function summary(task, entered) {
  const values = task.fields.filter(function (field) { return entered[field.name]; }).map(function (field) {
    const option = field.options.find(function (one) { return one.value === entered[field.name]; });
    return option ? option.word : entered[field.name] + (field.unit ? " " + field.unit : "");
  });
  return values.join(" · ") || task.act;
}
