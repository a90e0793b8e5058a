// Leaflet, from this one place; bin/make-leaflet says which parts of it.
export { L } from "../../vendor/leaflet-1.9.4/leaflet.js";
