import { registerMap } from 'echarts/core';
import { draw } from './drawing.ts';
import { FEWEST, type Count } from './statistics.ts';
import { flatWorld } from './world.ts';

const WIDTH = 640;

/** As many shades has the map; the last one is for all that is more. */
const SHADES = 4;

const { height, lands } = flatWorld(WIDTH);

const geoJSON = {
  type: 'FeatureCollection',
  features: lands.map(({ name, polygons }) => ({
    type: 'Feature',
    properties: { name },
    geometry: { type: 'MultiPolygon', coordinates: polygons },
  })),
};

registerMap('world', JSON.stringify(geoJSON));

/** A shade of the map, and for how many signatures it stands. */
export interface MapStep {
  shade: number;
  from: number;
  /** Null for the last one, which has no end. */
  to: number | null;
}

/** The shades that a map of these countries has, each for ten times as many. */
export function stepsOf(counts: readonly Count[]): MapStep[] {
  const last = Math.max(0, ...counts.map(({ signatures }) => shadeOf(signatures)));
  return Array.from({ length: last }, (_, n) => {
    const from = FEWEST * 10 ** n;
    return { shade: n + 1, from, to: n + 1 === SHADES ? null : from * 10 - 1 };
  });
}

const shadeOf = (signatures: number): number =>
  Math.min(SHADES, Math.floor(Math.log10(signatures / FEWEST)) + 1);

/** The world, its countries shaded by how many have signed there. */
export const drawMap = (counts: readonly Count[]): string =>
  draw(
    'chart__map',
    { width: WIDTH, height },
    {
      series: {
        type: 'map',
        map: 'world',
        silent: true,
        emphasis: { disabled: true },
        select: { disabled: true },
        label: { show: false },
        left: 0,
        top: 0,
        width: WIDTH,
        height,
        aspectScale: 1,
        itemStyle: { areaColor: 'var(--land)', borderColor: 'var(--paper)', borderWidth: 0.5 },
        data: counts.map(({ value, signatures }) => ({
          name: value,
          value: signatures,
          itemStyle: { areaColor: `var(--shade-${shadeOf(signatures)})` },
        })),
      },
    },
  );
