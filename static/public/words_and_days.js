// The form of a city's panel that narrows by words and days (public/words_and_days.html).

/**
 * @param {HTMLFormElement} form
 * @param {(changes: {q: string, since: string, until: string}) => void} change  "" takes one off
 * @returns {(filters: [string, string][]) => void} has the form say what is filtered, whoever did it
 */
export function wordsAndDays(form, change) {
  const { q, since, until } = form.elements;

  /** The last day is not before the first. */
  function joinDays() {
    until.min = since.value;
  }

  since.addEventListener("change", joinDays);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change({ q: q.value.trim(), since: since.value, until: until.value });
  });
  return (filters) => {
    const values = Object.fromEntries(filters);
    for (const field of [q, since, until]) {
      if (field !== document.activeElement) field.value = values[field.name] ?? "";
    }
    joinDays();
  };
}
