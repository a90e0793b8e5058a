// Which of the marks on a map lies where: nearest to a place, under a finger, in a direction, in sight.
// Places are px of the pane that marks are drawn in, but where it says otherwise.
import { radiusOf } from "./clusters.js";

const TOUCH = 22; // px, half of what a finger gets at least

/**
 * The place nearest in a direction: within 45° to either side, and what lies straight ahead first.
 * @param {{x: number, y: number}[]} places
 * @returns {number} its index; -1 where there is none
 */
function nearestTowards(places, from, [right, down]) {
  let found = -1;
  let least = Infinity;
  for (const [index, { x, y }] of places.entries()) {
    const ahead = (x - from.x) * right + (y - from.y) * down;
    const aside = Math.abs((x - from.x) * down) + Math.abs((y - from.y) * right);
    if (ahead <= 0.5 || aside > ahead) continue;
    if (ahead + aside < least) {
      least = ahead + aside;
      found = index;
    }
  }
  return found;
}

export class MarkPlaces {
  marks = []; // as they are drawn now

  /**
   * @param {L.Map} map
   * @param {{place: (mark: object) => {x: number, y: number}, covers: () => Element[]}} options
   *   covers: what lies over the map
   */
  constructor(map, { place, covers }) {
    this.map = map;
    this.frame = map.getContainer();
    this.place = place;
    this.covers = covers;
  }

  /** The mark that is drawn now for one that was; or null. */
  same(mark) {
    return this.marks.find(({ key }) => key === mark.key) ?? null;
  }

  /** The mark nearest to a place, px of the pane: one that can be seen whole, if there is one. */
  nearest(place) {
    const clear = this.clear();
    let [found, least] = [null, Infinity];
    for (const mark of clear.length ? clear : this.marks) {
      const { x, y } = this.place(mark);
      const distance = (x - place.x) ** 2 + (y - place.y) ** 2;
      if (distance < least) [found, least] = [mark, distance];
    }
    return found;
  }

  /** The mark in the middle of what is seen: where Tab enters. */
  entry() {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    const size = this.map.getSize();
    return this.nearest({ x: corner.x + size.x / 2, y: corner.y + size.y / 2 });
  }

  /** The index of the mark that comes next in a direction; -1 where there is none. */
  towards(mark, way) {
    return nearestTowards(this.marks.map((one) => this.place(one)), this.place(mark), way);
  }

  /** The mark nearest to a place of the container that a finger there would mean; or null. */
  at({ x, y }) {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    let [found, least] = [null, Infinity];
    for (const mark of this.marks) {
      const at = this.place(mark);
      const distance = Math.hypot(at.x - corner.x - x, at.y - corner.y - y);
      // Measured from the rim, so that a small pin beside a large ring can be meant too.
      const radius = radiusOf(mark.total);
      if (distance > Math.max(TOUCH, radius) || distance - radius >= least) continue;
      [found, least] = [mark, distance - radius];
    }
    return found;
  }

  /** Marks that can be seen whole: not under the edge of the map, nor under a button. */
  clear() {
    const frame = this.frame.getBoundingClientRect();
    const covers = [...this.covers(), ...this.frame.querySelectorAll(".leaflet-control")]
      .map((cover) => cover.getBoundingClientRect())
      .filter(({ width }) => width);
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    return this.marks.filter((mark) => {
      const at = this.place(mark);
      const reach = Math.max(TOUCH, radiusOf(mark.total));
      const [x, y] = [at.x - corner.x + frame.left, at.y - corner.y + frame.top];
      return (
        x - reach >= frame.left &&
        y - reach >= frame.top &&
        x + reach <= frame.right &&
        y + reach <= frame.bottom &&
        !covers.some(
          ({ left, right, top, bottom }) =>
            x - reach < right && x + reach > left && y - reach < bottom && y + reach > top,
        )
      );
    });
  }
}
