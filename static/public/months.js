// Months, pure: a month is one number, year * 12 + month - 1, as the server counts them.

/** The month of "2024-03" or "2024-03-17"; null of anything else. */
export function monthOf(text) {
  const found = /^(\d{4})-(\d\d)(?:-\d\d)?$/.exec(text ?? "");
  return found ? Number(found[1]) * 12 + Number(found[2]) - 1 : null;
}

const pad = (number, length) => String(number).padStart(length, "0");
const yearOf = (month) => Math.floor(month / 12);

/** The first and the last day of a month, as addresses have them: "2024-02-01", "2024-02-29". */
export const firstDay = (month) => `${pad(yearOf(month), 4)}-${pad((month % 12) + 1, 2)}-01`;
export const lastDay = (month) => {
  const days = new Date(Date.UTC(yearOf(month), (month % 12) + 1, 0)).getUTCDate();
  return `${firstDay(month).slice(0, 8)}${pad(days, 2)}`;
};

/**
 * Months and spans of them in words.
 * @param {string[]} monthNames twelve, like "March %(year)s"
 * @param {string[]} dayNames twelve, like "March %(day)s, %(year)s"
 * @param {Function} words span, from_on, up_to
 */
export function speaking(monthNames, dayNames, words) {
  const year = (month) => String(yearOf(month));
  const monthName = (month) => monthNames[month % 12].replace("%(year)s", year(month));
  const dayName = (day) =>
    dayNames[monthOf(day) % 12]
      .replace("%(day)s", String(Number(day.slice(8))))
      .replace("%(year)s", year(monthOf(day)));
  return {
    monthName,
    /** A span of days ("" is open): a month, a year, months, or days, whichever it is exactly. */
    span(since, until) {
      const [first, last] = [monthOf(since), monthOf(until)];
      const begins = first === null || since === firstDay(first);
      const ends = last === null || until === lastDay(last);
      const name = begins && ends ? monthName : null;
      const from = first !== null && (name ? name(first) : dayName(since));
      const to = last !== null && (name ? name(last) : dayName(until));
      if (!from || !to) return words(from ? "from_on" : "up_to", { since: from, until: to });
      if (from === to) return from;
      const isWholeYears = name && first % 12 === 0 && last % 12 === 11;
      if (isWholeYears && yearOf(first) === yearOf(last)) return year(first);
      if (isWholeYears) return words("span", { since: year(first), until: year(last) });
      return words("span", { since: from, until: to });
    },
  };
}
