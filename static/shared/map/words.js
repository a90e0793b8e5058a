// Words and numbers in the reader's language. The words come translated from the page, as JSON in
// an element's data-words; nothing here is shown to a person untranslated.

export const STATUSES = ["open", "in_progress", "fixed", "wont_fix"];

const language = document.documentElement.lang || "en";
// Chromium has no numbers and dates of Kazakh and Kyrgyz, and would write English ones. They are
// written as in Russian, but for the words: thousands (CLDR, short form), and the months.
const THOUSAND = { kk: "мың", ky: "миң" };
export const isBorrowed = language in THOUSAND;
export const locale = isBorrowed ? "ru" : language;

const formatOf = (digits) =>
  new Intl.NumberFormat(locale, {
    useGrouping: "always",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const whole = formatOf(0);
const compactFormat = new Intl.NumberFormat(locale, {
  notation: "compact",
  maximumSignificantDigits: 3,
});

const compact = (value) => {
  const written = compactFormat.format(value);
  return isBorrowed ? written.replace("тыс.", THOUSAND[language]) : written;
};

/** @param {number} value @param {number} digits of its fraction @returns {string} */
export const number = (value, digits = 0) => (digits ? formatOf(digits) : whole).format(value);

/** A number that fits a marker: exact up to 99,999, then "128K", "1.45M". @param {number} value */
export const shortNumber = (value) =>
  value < 100_000 ? number(value) : compact(value);

/**
 * The words of an element, as a function: words("cluster", {total: "12"}).
 * Placeholders look like gettext's: %(total)s. A missing word shows its own name.
 * @param {HTMLElement} element
 */
export function wordsOf(element) {
  const words = JSON.parse(element.dataset.words || "{}");
  return (name, values = {}) =>
    (words[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}
