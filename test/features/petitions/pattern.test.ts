import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { patternOf } from '../../../src/features/petitions/pattern.ts';

test('a pattern is the same each time, another for another petition, and its light is in it', () => {
  fc.assert(
    fc.property(fc.string(), (slug) => {
      const { lines, light, width, height } = patternOf(slug);
      assert.deepEqual(patternOf(slug), { lines, light, width, height });
      assert.ok(light.x > 0 && light.x < width && light.y > 0 && light.y < height);
      assert.match(lines, /^(M\d+ \d+(a10 10 0 0 [01][ -]?-?10 10(m-?20 0)?){2}){36}$/);
    }),
  );
  const many = new Set(Array.from({ length: 1000 }, (_, n) => patternOf(`petition-${n}`).lines));
  assert.equal(many.size, 1000);
});
