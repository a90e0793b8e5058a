// "Use my location": asks the browser once, and says in words how it went.
// A button shows the states idle, asking, found, failed; the sentence goes to a live region.

const PATIENCE = 12_000; // ms for a precise answer before a rough one is taken
const SPRITE = new URL("../../icons/sprite.svg", import.meta.url).pathname;
const ICONS = { idle: "locate", asking: "loader-circle", found: "locate-fixed", failed: "locate-off" };
const DENIED = 1; // GeolocationPositionError.PERMISSION_DENIED

const ask = (options) =>
  new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, options));

/**
 * Where the person is: WGS 84 degrees and the accuracy in metres.
 * @returns {Promise<{lat: number, lon: number, accuracy: number}>}
 * @throws {{reason: "denied" | "unavailable"}}
 */
export async function locate() {
  if (!navigator.geolocation || !window.isSecureContext) throw { reason: "unavailable" };
  let position;
  try {
    position = await ask({ enableHighAccuracy: true, timeout: PATIENCE, maximumAge: 30_000 });
  } catch (error) {
    if (error.code === DENIED) throw { reason: "denied" };
    try {
      position = await ask({ enableHighAccuracy: false, timeout: PATIENCE, maximumAge: 120_000 });
    } catch (second) {
      throw { reason: second.code === DENIED ? "denied" : "unavailable" };
    }
  }
  const { latitude: lat, longitude: lon, accuracy } = position.coords;
  return { lat, lon, accuracy };
}

/**
 * Make `button` ask for the location.
 * @param {HTMLButtonElement} button with an <svg class="icon"><use></svg> inside
 * @param {HTMLElement | null} message live region for the sentence when it fails
 * @param {(name: string) => string} words location_denied, location_unavailable, location_asking
 * @param {(found: {lat: number, lon: number, accuracy: number}) => string | void} onFound
 *   may return a sentence (for example that the place is outside the city)
 */
export function locateButton(button, message, words, onFound) {
  const show = (state, sentence = "") => {
    button.dataset.state = state;
    button.setAttribute("aria-busy", String(state === "asking"));
    button.querySelector("use")?.setAttribute("href", `${SPRITE}#${ICONS[state]}`);
    if (message) {
      message.textContent = sentence;
      message.hidden = !sentence;
    }
  };
  button.addEventListener("click", async () => {
    if (button.dataset.state === "asking") return;
    show("asking");
    try {
      const found = await locate();
      const sentence = onFound(found);
      show(sentence ? "failed" : "found", sentence || "");
    } catch (failure) {
      if (!failure.reason) throw failure;
      show("failed", words(`location_${failure.reason}`));
    }
  });
  return { reset: () => show("idle") };
}
