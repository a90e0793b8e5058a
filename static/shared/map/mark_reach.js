// Marks are drawn, not built: what makes them links and buttons is here. The one mark that has the
// pointer, the focus or the list's attention is a real element over its drawing; it is made anew for
// each mark, so that a screen reader tells of it.
//
// Keys: Tab enters at the mark nearest the middle. Arrows lead to the nearest in their direction, and
// move the map where there is none; Page Up and Page Down lead through all in reading order, Home and
// End to the first and the last; Escape leads back to the map.
import { radiusOf } from "./clusters.js";
import { markElement, reportOf } from "./mark_elements.js";
import { MarkPlaces } from "./mark_places.js";

const STEP = 120; // px the map moves where an arrow finds no mark

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class MarkReach {
  #stop = null; // {mark, element}: where Tab enters, or what has the focus
  #shown = null; // the same, of what has the pointer or the list's attention
  #raised = null; // number of the report that the list shows
  #isRaising = false; // whether #shown is the list's
  #dragged = false;

  /**
   * @param {ReturnType<import("./city_map.js").createCityMap>} cityMap
   * @param {HTMLElement} pane
   * @param {{place: (mark: object) => {x: number, y: number}, latLng: (mark: object) => L.LatLng,
   *   open: (mark: object) => void, tell: (number: string | null) => void,
   *   covers: () => Element[], saying: object}} options  place: px of the pane; latLng: on the ground;
   *   open: a cluster was chosen; tell: a pin is shown, or none any more; covers: what lies over the
   *   map; saying: see markElement
   */
  constructor(cityMap, pane, options) {
    Object.assign(this, options);
    this.map = cityMap.map;
    this.frame = this.map.getContainer();
    this.places = new MarkPlaces(this.map, options);
    this.group = document.createElement("div");
    this.group.className = "marks";
    // Screen readers pass arrow keys on to an application; all else here is a link or a button.
    this.group.setAttribute("role", "application");
    this.group.setAttribute("aria-label", cityMap.words("reports_on_map"));
    const keys = document.createElement("p");
    keys.className = "visually-hidden";
    keys.id = "marks-keys";
    keys.textContent = cityMap.words("marks_keys");
    this.group.setAttribute("aria-describedby", keys.id);
    pane.append(this.group, keys);
    this.group.addEventListener("keydown", (event) => this.#key(event));
    this.frame.addEventListener("pointermove", (event) => this.#point(event));
    this.frame.addEventListener("pointerleave", () => this.#hover(null));
    this.frame.addEventListener("pointerdown", () => (this.#dragged = false), true);
    this.map.on("dragstart", () => (this.#dragged = true));
    this.map.on("click", (event) => this.#tap(event));
    this.map.on("zoomanim", () => this.#hover(null));
  }

  /** These marks are drawn now. The focus stays on the same one, or goes to what lies there now. */
  setMarks(marks) {
    this.places.marks = marks;
    const had = this.#stop;
    const hadFocus = had?.element === document.activeElement;
    const shown = this.#shown && this.places.same(this.#shown.mark);
    if (shown) this.#shown.mark = shown;
    else this.#hover(null); // what only the list raised is lowered below
    const mark = (had && this.places.same(had.mark)) ?? (hadFocus ? this.places.nearest(this.place(had.mark)) : this.places.entry());
    if (had && mark?.key === had.mark.key) had.mark = mark;
    else this.#stopAt(mark, hadFocus);
    if (!hadFocus) this.#enterAtMiddle();
    if (this.#raised) this.raise(this.#raised);
    this.follow();
  }

  /** The map has moved under the marks. */
  follow() {
    for (const slot of [this.#stop, this.#shown]) {
      if (!slot) continue;
      const { x, y } = this.place(slot.mark);
      const radius = radiusOf(slot.mark.total);
      slot.element.style.transform = `translate(${x - radius}px, ${y - radius}px)`;
    }
  }

  /** The view has changed: Tab enters at its middle. */
  settle() {
    if (this.#stop?.element !== document.activeElement) this.#enterAtMiddle();
  }

  /** Show the mark that holds a report; null lowers it. */
  raise(number) {
    this.#raised = number;
    const mark =
      number && this.places.marks.find(({ reports }) => reports.some((one) => one.number === number));
    if (mark) this.#show(mark, true);
    else if (this.#shown && this.#isRaising) this.#show(null);
  }

  /** Put the focus on what stands for a mark, or where it was. */
  focus(mark) {
    this.#stopAt(this.places.same(mark) ?? this.places.nearest(this.place(mark)), true);
  }

  #enterAtMiddle() {
    const mark = this.places.entry();
    if (mark?.key !== this.#stop?.mark.key) this.#stopAt(mark, false);
  }

  /** The element of a mark: the one it has, or a new one. */
  #slotOf(mark) {
    const has = [this.#stop, this.#shown].find((slot) => slot?.mark.key === mark.key);
    const slot = has ?? this.#make(mark);
    slot.mark = mark;
    return slot;
  }

  /** Remove the element of a slot that nothing needs any more. */
  #drop(slot) {
    if (slot && slot !== this.#stop && slot !== this.#shown) slot.element.remove();
  }

  #stopAt(mark, withFocus) {
    const old = this.#stop;
    const hadFocus = old?.element === document.activeElement;
    this.#stop = mark ? this.#slotOf(mark) : null;
    if (old && old !== this.#stop) old.element.tabIndex = -1;
    if (this.#stop) {
      this.#stop.element.tabIndex = 0;
      this.follow();
      if (withFocus) this.#stop.element.focus({ preventScroll: true });
    } else if (withFocus || hadFocus) {
      this.frame.focus({ preventScroll: true });
    }
    this.#drop(old);
  }

  #make(mark) {
    const element = markElement(mark, this.saying);
    const slot = { mark, element };
    element.tabIndex = -1;
    this.group.append(element);
    const report = reportOf(mark);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      // The click that ends a drag; one by a key or a screen reader has no detail.
      if (this.#dragged && event.detail) event.preventDefault();
      else if (!report) this.open(slot.mark);
    });
    element.addEventListener("dblclick", (event) => event.stopPropagation());
    element.addEventListener("focus", () => {
      if (slot !== this.#stop) this.#stopAt(slot.mark, false); // clicked: from here the keys go on
      // What lies under the edge or under a button comes to the middle for the keys.
      const isByKey = element.matches(":focus-visible");
      if (isByKey && !this.places.clear().some(({ key }) => key === slot.mark.key)) {
        this.map.panTo(this.latLng(slot.mark));
      }
      this.#fitLabel(slot);
      if (report) this.tell(report.number);
    });
    element.addEventListener("blur", () => {
      if (report) this.tell(null);
    });
    return slot;
  }

  /** Pointer and list: over the drawing of a mark lies its element, larger and with its name. */
  #show(mark, isRaised = false) {
    const old = this.#shown;
    this.#shown = mark ? this.#slotOf(mark) : null;
    if (old && old !== this.#shown) old.element.classList.remove("is-shown", "is-raised");
    this.#drop(old);
    if (!mark) return;
    this.#isRaising = isRaised;
    this.#shown.element.classList.add("is-shown");
    this.#shown.element.classList.toggle("is-raised", isRaised);
    this.follow();
    this.#fitLabel(this.#shown);
  }

  /** A label stays inside the map: under its mark at the upper edge, aside at the others. */
  #fitLabel({ element, mark }) {
    const label = element.querySelector(".mark__name");
    if (!label) return;
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const at = this.place(mark);
    const half = label.offsetWidth / 2 + 6;
    const x = at.x - corner.x;
    const aside = Math.max(half - x, 0) + Math.min(this.map.getSize().x - half - x, 0);
    label.style.setProperty("--aside", `${aside}px`);
    const above = at.y - corner.y - radiusOf(mark.total) - label.offsetHeight - 14;
    label.classList.toggle("mark__name--under", above < 0);
  }

  #hover(mark) {
    const isRaised = this.#shown && this.#isRaising;
    const old = this.#shown && !isRaised ? this.#shown.mark : null;
    if (old?.key === mark?.key) return;
    this.#show(mark);
    const report = mark && reportOf(mark);
    if (report) this.tell(report.number);
    else if (old && reportOf(old)) this.tell(null);
  }

  #point(event) {
    if (event.pointerType === "touch" || event.buttons) return;
    if (event.target.closest(".leaflet-control, .leaflet-popup")) {
      this.#hover(null);
      return;
    }
    const { left, top } = this.frame.getBoundingClientRect();
    this.#hover(this.places.at({ x: event.clientX - left, y: event.clientY - top }));
  }

  #tap({ containerPoint }) {
    const mark = this.places.at(containerPoint);
    if (!mark) return;
    if (!reportOf(mark)) {
      this.open(mark);
      return;
    }
    this.#stopAt(mark, true);
    this.#stop.element.click();
  }

  #key(event) {
    const slot = this.#stop;
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== slot?.element) return;
    const { marks } = this.places;
    const here = marks.findIndex(({ key }) => key === slot.mark.key);
    let next = here;
    if (event.key in ARROWS) {
      const towards = ARROWS[event.key];
      next = this.places.towards(slot.mark, towards);
      if (next < 0) this.map.panBy(towards.map((way) => way * STEP));
    } else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = marks.length - 1;
    else if (event.key === "PageDown") next = Math.min(here + 1, marks.length - 1);
    else if (event.key === "PageUp") next = Math.max(here - 1, 0);
    else if (event.key === "Escape") this.frame.focus({ preventScroll: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next < 0 || next === here) return;
    this.#stopAt(marks[next], true);
  }
}
