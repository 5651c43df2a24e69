import QRCode from 'qrcode';

/** The white around a code that a camera needs, in modules. */
const QUIET = 4;

export interface QrCode {
  /** Of the whole square, quiet zone included. */
  size: number;
  /** The dark modules, as an SVG path: one rectangle for each run of them. */
  path: string;
}

export function qrCode(text: string): QrCode {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const rows = Array.from({ length: modules.size }, (_, y) =>
    Array.from({ length: modules.size }, (_, x) => (modules.get(y, x) ? '1' : '0')).join(''),
  );
  const path = rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(
        ({ 0: { length }, index }) => `M${index + QUIET} ${y + QUIET}h${length}v1h-${length}z`,
      ),
    )
    .join('');
  return { size: modules.size + 2 * QUIET, path };
}
