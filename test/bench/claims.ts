import type { Claim } from './claim.ts';
import { exporting } from './claims/export.ts';
import { lists, paging } from './claims/large.ts';
import { mail } from './claims/mail.ts';
import { memory } from './claims/memory.ts';
import { againstExpress, againstNode, firstVisit, render } from './claims/pages.ts';
import { confirm, pageUnderSigning, sign } from './claims/signing.ts';
import { startTime } from './claims/start.ts';
import { streams } from './claims/streams.ts';

export const CLAIMS: Claim[] = [
  againstNode,
  againstExpress,
  render,
  sign,
  confirm,
  pageUnderSigning,
  mail,
  memory,
  streams,
  paging,
  lists,
  exporting,
  startTime,
  firstVisit,
];
