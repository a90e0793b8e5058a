// The ground under a map, pure: world px (Web Mercator at zoom 0: 0..256 from the north-west), how long
// they are, and the district that a place lies in.

const AROUND = 40_075.016_686; // km along the equator

/** World px of a longitude or a latitude in degrees. */
export const worldX = (lon) => ((lon + 180) / 360) * 256;
export const worldY = (lat) => {
  const s = Math.sin((lat * Math.PI) / 180);
  return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * 256;
};

/** Kilometres of a world px at this height of the world (world px). */
export const kilometresAt = (y) =>
  AROUND / 256 / Math.cosh(Math.PI * (1 - y / 128));

/** Districts of an outline answer, to be asked which of them a place lies in. */
export class Districts {
  #last = null;

  /** @param {{slug: string, name: string, population?: number | null, square_metres: number,
   *   geometry: object}[]} areas  GeoJSON geometries in EPSG:4326 (lon, lat), simplified */
  constructor(areas) {
    this.all = areas.map(({ slug, name, population, square_metres: ground, geometry }) => {
      const polygons =
        geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
      const rings = polygons.flat().map((ring) => ring.map(([lon, lat]) => [worldX(lon), worldY(lat)]));
      const xs = rings.flatMap((ring) => ring.map(([x]) => x));
      const ys = rings.flatMap((ring) => ring.map(([, y]) => y));
      const box = [least(xs), least(ys), most(xs), most(ys)];
      return { slug, name, population: population ?? null, rings, box, squareKilometres: ground / 1e6 };
    });
  }

  /** The district at a place in world px, or null. */
  at(x, y) {
    // Neighbours are asked for one after another: mostly it is the one that it was before.
    if (this.#last && holds(this.#last, x, y)) return this.#last;
    const found = this.all.find((district) => holds(district, x, y)) ?? null;
    this.#last = found;
    return found;
  }
}

function holds({ box, rings }, x, y) {
  return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] && isInside(rings, x, y);
}

const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b), Infinity);
const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b), -Infinity);

/** A line to the east crosses the edges an odd number of times. */
function isInside(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax, ay] = ring[i];
      const [bx, by] = ring[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}
