import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { useStage } from '../support/stage.ts';
import { statesOf } from '../support/states.ts';
import { aSync } from '../support/api-answers.ts';

const { visit } = useStage();

const MISUSES: readonly (readonly [html: string, problem: RegExp])[] = [
  ['<s-marquee></s-marquee>', /there is no <s-marquee>/],
  ['<s-text blink="fast"></s-text>', /<s-text> has no attribute "blink"/],
  ['<s-badge tone="loud"></s-badge>', /<s-badge tone="loud"> is not one of/],
  ['<s-banner><p slot="aside"></p></s-banner>', /<s-banner> has no slot "aside"/],
  ['<s-table-cell></s-table-cell>', /<s-table-cell> belongs into <s-table-row>/],
];

test('what Polaris would not understand is a problem of the page that every look at it tells', async () => {
  const { app, page, problems, close } = await visit({ answers: statesOf(aSync()) });
  await app.getByRole('status', { name: 'Everything is in sync' }).waitFor();
  assert.deepEqual(problems, []);
  const html = JSON.stringify(MISUSES.map(([one]) => one).join(''));
  await page.frames().at(-1)?.evaluate(`document.body.insertAdjacentHTML('beforeend', ${html})`);
  await eventually(async () => {
    for (const [, problem] of MISUSES) assert.match(problems.join('\n'), problem);
    assert.equal(problems.length, MISUSES.length);
  });
  await close();
});
