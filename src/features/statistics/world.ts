import countries from 'i18n-iso-countries';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import atlas from 'world-atlas/countries-110m.json' with { type: 'json' };

/** In the middle of the map, so that its edges lie between Siberia and Alaska. */
const MIDDLE_LONGITUDE = 11;

const ANTARCTICA = '010';

/** Where the atlas gives to one country what the United Nations count as another's. */
const CRIMEA = { from: 'RU', to: 'UA', west: 32, east: 37, south: 44, north: 47 } as const;

type Point = number[];
type Ring = Point[];
/** The outline of a mainland or an island, and the holes in it. */
type Polygon = Ring[];

export interface Land {
  /** ISO 3166-1, or what the atlas calls a land without a code. */
  name: string;
  polygons: Polygon[];
}

/** The lands of the world on a flat map of that width, to half a unit; up is north. */
export function flatWorld(width: number): { height: number; lands: Land[] } {
  const lands = lands110m().map((land) => onEveryRing(land, (ring) => unbroken(ring).map(project)));
  const points = lands.flatMap(({ polygons }) => polygons.flat(2));
  const xs = points.map(([x = 0]) => x);
  const ys = points.map(([, y = 0]) => y);
  const [left, bottom] = [Math.min(...xs), Math.min(...ys)];
  const scale = width / (Math.max(...xs) - left);
  const half = (length: number) => Math.round(length * scale * 2) / 2;
  const place = ([x = 0, y = 0]: Point): Point => [half(x - left), half(y - bottom)];
  return {
    height: half(Math.max(...ys) - bottom),
    lands: lands
      .map((land) => onEveryRing(land, (ring) => withoutRepeats(ring.map(place))))
      .map(({ name, polygons }) => ({ name, polygons: polygons.filter(isVisible) })),
  };
}

function lands110m(): Land[] {
  // TypeScript reads `type` in a JSON file as any string, and TopoJSON's types want its names.
  const topology = atlas as unknown as Topology<{
    countries: GeometryCollection<{ name: string }>;
  }>;
  const lands = feature(topology, topology.objects.countries)
    .features.filter(({ id }) => id !== ANTARCTICA)
    .map(({ id, properties, geometry }): Land => {
      const code = properties.name === 'Kosovo' ? 'XK' : countries.numericToAlpha2(id ?? '');
      const name = code ?? properties.name;
      if (geometry.type === 'Polygon') return { name, polygons: [geometry.coordinates] };
      return { name, polygons: geometry.type === 'MultiPolygon' ? geometry.coordinates : [] };
    });
  const crimea = lands.find(({ name }) => name === CRIMEA.from)?.polygons.filter(isCrimea) ?? [];
  return lands.map(({ name, polygons }) => {
    if (name === CRIMEA.from) return { name, polygons: polygons.filter((p) => !isCrimea(p)) };
    return { name, polygons: name === CRIMEA.to ? [...polygons, ...crimea] : polygons };
  });
}

const isCrimea = ([outline = []]: Polygon): boolean =>
  outline.every(
    ([x = 0, y = 0]) => x > CRIMEA.west && x < CRIMEA.east && y > CRIMEA.south && y < CRIMEA.north,
  );

const onEveryRing = ({ name, polygons }: Land, change: (ring: Ring) => Ring): Land => ({
  name,
  polygons: polygons.map((rings) => rings.map(change)),
});

/** Longitudes from the middle, without a jump where the outline crosses the edge of the map. */
function unbroken(ring: Ring): Ring {
  const fromMiddle = (x: number) => ((x - MIDDLE_LONGITUDE + 540) % 360) - 180;
  let before = fromMiddle(ring[0]?.[0] ?? 0);
  return ring.map(([x = 0, y = 0]) => {
    before = fromMiddle(x) + Math.round((before - fromMiddle(x)) / 360) * 360;
    return [before, y];
  });
}

/** Tom Patterson's Natural Earth projection, as a polynomial. */
function project([longitude = 0, latitude = 0]: Point): Point {
  const x = (longitude * Math.PI) / 180;
  const y = (latitude * Math.PI) / 180;
  const y2 = y * y;
  const y4 = y2 * y2;
  return [
    x * (0.8707 - 0.131979 * y2 + y4 * (-0.013791 + y4 * (0.003971 * y2 - 0.001529 * y4))),
    y * (1.007226 + y2 * (0.015085 + y4 * (-0.044475 + 0.028874 * y2 - 0.005916 * y4))),
  ];
}

const withoutRepeats = (ring: Ring): Ring =>
  ring.filter(([x, y], n) => n === 0 || x !== ring[n - 1]?.[0] || y !== ring[n - 1]?.[1]);

const isVisible = ([outline = []]: Polygon): boolean => outline.length > 3;
