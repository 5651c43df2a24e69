import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { convertPicture } from '../../../src/features/pictures/convert.ts';
import {
  animation,
  hollowPng,
  MARKER,
  photograph,
  picture,
  pngChunk,
} from '../../support/pictures.ts';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>';

async function converted(bytes: Buffer) {
  const made = await convertPicture(bytes, 'ada');
  assert.ok(typeof made !== 'string', JSON.stringify(made));
  return made;
}

test('a picture of each format becomes WebP in its widths, and is never enlarged', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
    const { width, height, files } = await converted(await picture(format, 640, 480));
    assert.deepEqual({ width, height }, { width: 640, height: 480 }, format);
    assert.deepEqual(
      files.map((file) => file.width),
      [480, 640],
    );
    for (const file of files) {
      const read = await sharp(file.bytes).metadata();
      assert.equal(read.format, 'webp');
      assert.deepEqual([read.width, read.height], [file.width, (file.width * 3) / 4]);
    }
  }
  const large = await converted(await picture('jpeg', 4000, 2000));
  assert.deepEqual(
    [large.width, large.height, ...large.files.map((file) => file.width)],
    [1600, 800, 480, 960, 1600],
  );
  const tall = await converted(await picture('png', 1000, 4000));
  assert.deepEqual([tall.width, tall.height], [400, 1600]);
});

test('place, time, camera and every word in the file are left behind, and it stands upright', async () => {
  const taken = await photograph(1200, 800);
  const before = await sharp(taken).metadata();
  const gps = Buffer.from([0x25, 0x88]); // the tag under which EXIF has it
  assert.ok(before.exif?.includes(gps) && taken.includes(MARKER));
  const { width, height, files } = await converted(taken);
  assert.deepEqual([width, height], [800, 1200]);
  for (const { bytes } of files) {
    assert.equal(bytes.includes(MARKER), false);
    assert.doesNotMatch(bytes.toString('latin1'), /EXIF|ICCP|XMP |xmpmeta|GPS/);
    const { exif, icc, xmp, iptc, orientation, comments } = await sharp(bytes).metadata();
    assert.deepEqual([exif, icc, xmp, iptc, orientation, comments], Array(6).fill(undefined));
  }
});

test('words in a PNG and colours of another space are left behind too', async () => {
  const text = pngChunk('tEXt', Buffer.from(`Comment\0${MARKER}`));
  const plain = await picture('png', 300, 300);
  const withText = Buffer.concat([plain.subarray(0, 33), text, plain.subarray(33)]);
  const [file] = (await converted(withText)).files;
  assert.equal(withText.includes(MARKER), true);
  assert.equal(file?.bytes.includes(MARKER), false);

  const p3 = await sharp(plain).withIccProfile('p3').png().toBuffer();
  assert.ok((await sharp(p3).metadata()).icc);
  const cmyk = await sharp(plain).toColourspace('cmyk').jpeg().toBuffer();
  for (const bytes of [p3, cmyk]) {
    for (const made of (await converted(bytes)).files) {
      const { icc, space } = await sharp(made.bytes).metadata();
      assert.deepEqual([icc, space], [undefined, 'srgb']);
    }
  }
});

test('what is see-through stands on white, in the dark too', async () => {
  const clear = { width: 300, height: 300, channels: 4, background: '#0000' } as const;
  const [file] = (await converted(await sharp({ create: clear }).png().toBuffer())).files;
  const { hasAlpha } = await sharp(file?.bytes).metadata();
  const { dominant } = await sharp(file?.bytes).stats();
  assert.equal(hasAlpha, false);
  assert.ok(Math.min(dominant.r, dominant.g, dominant.b) > 240);
});

test('anything else is refused, each for its reason', async () => {
  const whole = await photograph();
  for (const [what, bytes, problem] of [
    ['a GIF', await picture('gif'), 'unreadable'],
    ['a moving GIF', await animation('gif'), 'unreadable'],
    ['a TIFF', await picture('tiff'), 'unreadable'],
    ['an SVG', Buffer.from(SVG), 'unreadable'],
    ['an SVG that calls itself WebP', Buffer.from(`RIFFaaaaWEBP${SVG}`), 'unreadable'],
    ['an SVG behind the mark of JPEG', Buffer.from(`\xff\xd8\xff${SVG}`, 'latin1'), 'unreadable'],
    ['a HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 'unreadable'],
    [
      'an AVIF of nothing',
      Buffer.from('\0\0\0\x18ftypavif\0\0\0\0mif1avif', 'latin1'),
      'unreadable',
    ],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'unreadable'],
    ['a program', Buffer.from('#!/bin/sh\nexit\n'), 'unreadable'],
    ['one byte', Buffer.alloc(1), 'unreadable'],
    ['noughts', Buffer.alloc(1_000_000), 'unreadable'],
    ['the beginning of a JPEG', whole.subarray(0, whole.length / 2), 'unreadable'],
    ['a PNG without its pixels', hollowPng(300, 300), 'unreadable'],
    ['a bomb', hollowPng(30_000, 30_000), 'too_many_pixels'],
    ['a larger bomb', hollowPng(2 ** 31 - 1, 2 ** 31 - 1), null],
    ['a moving WebP', await animation('webp'), 'animated'],
    ['a moving PNG', hollowPng(300, 300, [pngChunk('acTL', Buffer.alloc(8))]), 'animated'],
    ['a sequence', Buffer.from('\0\0\0\x18ftypavis\0\0\0\0avifmif1', 'latin1'), 'animated'],
    ['a dot', await picture('png', 1, 1), 'too_small'],
    ['a small one', await picture('png', 199, 300), 'too_small'],
    ['a ribbon', await picture('png', 801, 200), 'too_narrow'],
  ] as const) {
    const said = await convertPicture(bytes, 'ada');
    assert.ok(typeof said === 'string', what);
    if (problem !== null) assert.equal(said, problem, what);
  }
});

test('of many at once some wait, and the others are told to come back', async () => {
  const bytes = await picture('jpeg', 1600, 1200);
  const all = await Promise.allSettled(
    Array.from({ length: 12 }, (_, n) => convertPicture(bytes, String(n))),
  );
  const refused = all.filter((one) => one.status === 'rejected');
  assert.equal(all.length - refused.length, 5);
  for (const { reason } of refused) {
    assert.equal((reason as { kind?: string }).kind, 'busy');
  }
  await converted(bytes);
});

test('of one sender so many wait that there is room for others', async () => {
  const bytes = await picture('jpeg', 1600, 1200);
  const own = Array.from({ length: 6 }, () => convertPicture(bytes, 'ada'));
  const other = convertPicture(bytes, 'bo');
  const refused = (await Promise.allSettled(own)).filter(({ status }) => status === 'rejected');
  assert.equal(refused.length, 4);
  assert.equal(typeof (await other), 'object');
  assert.equal(typeof (await convertPicture(bytes, 'ada')), 'object', 'there is room again');
});
