import { chromium } from 'playwright-core';
const [, , out, width, cols, ...names] = process.argv;
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--allow-file-access-from-files'],
});
const p = await b.newPage({ viewport: { width: Number(width), height: 600 } });
import { writeFileSync } from 'node:fs';
writeFileSync(
  '/tmp/sheet.html',
  `<body style="margin:0;display:grid;gap:6px;background:#c0f;grid-template-columns:repeat(${cols},1fr);align-items:start">` +
    names.map((n) => `<img style="width:100%" src="/tmp/wt-web/screenshots/${n}.png">`).join(''),
);
await p.goto('file:///tmp/sheet.html');
await p.waitForTimeout(500);
await p.screenshot({ path: out, fullPage: true });
await b.close();
