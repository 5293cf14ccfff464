// Times are Beijing's everywhere; whoever reads elsewhere sees their own on hovering over an instant.
import { all, words } from "./words.js";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function startTimes(root) {
  if (["Asia/Shanghai", "PRC", "Asia/Chongqing", "Asia/Harbin"].includes(HERE)) return;
  all(root, "time[datetime*=T]").forEach((element) => {
    const instant = new Date(element.dateTime);
    if (Number.isNaN(instant.valueOf()) || element.title) return;
    const time = instant.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
    element.title = words("yourTime", { time });
  });
}
