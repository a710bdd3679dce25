/** The styles by kind of element, close enough to the admin's to judge a layout. Small, because lists have hundreds. */
export const looks = {
  frame: `
h1{font-size:20px;margin:0;flex:1;font-weight:650}
h2{font-size:14px;margin:0 0 8px;font-weight:650}
p{margin:0 0 4px}
.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-block:8px}
header.row{margin-block:8px 16px}
.end{justify-content:end}.center{justify-content:center}
.answers{display:flex;gap:8px}.answers ::slotted(*){margin-block-start:8px}
.card,dialog{background:#fff;border:0;border-radius:12px;padding:16px;box-shadow:0 1px 2px #0002}
dialog{inline-size:min(520px,calc(100vw - 64px));box-shadow:0 8px 40px #0004}
dialog::backdrop{background:#0006}
.banner{padding:12px 16px;border-radius:12px;background:#e0f0ff;color:#303030}
.banner.success{background:#cdfee1}.banner.warning{background:#fff1c2}.banner.critical{background:#fedad9}
progress{inline-size:100%;block-size:12px;accent-color:#005bd3}
.spinner{display:inline-block;inline-size:32px;block-size:32px;border:3px solid #d4d4d4;border-top-color:#303030;border-radius:50%;animation:turn 1s linear infinite}
@keyframes turn{to{rotate:1turn}}
@media(prefers-reduced-motion:reduce){.spinner{animation:none}}
.table{display:table;inline-size:100%;border-collapse:collapse}
@media(max-width:490px){.table{display:block}}
`,
  button: `
.button{box-sizing:border-box;display:inline-block;padding:6px 12px;border:1px solid #b5b5b5;border-radius:8px;background:#fff;
color:#303030;font:inherit;font-weight:550;text-decoration:none;cursor:pointer}
.button.primary{background:#303030;color:#fff;border-color:#303030}
.button.tertiary{background:none;border-color:transparent}
.button.critical{color:#8e0b21}
.button.primary.critical{background:#c70a24;color:#fff;border-color:#c70a24}
.button:disabled{background:#ebebeb;color:#616161;border-color:#ebebeb;cursor:default}
.button.loading{opacity:.7}
.button:focus-visible{outline:2px solid #005bd3;outline-offset:1px}
`,
  link: `
.link{color:#005bd3;text-underline-offset:2px}
.link:focus-visible{outline:2px solid #005bd3;outline-offset:1px}
`,
  field: `
label{display:block;margin-block-end:4px}
input,select{box-sizing:border-box;inline-size:100%;padding:6px 10px;border:1px solid #8a8a8a;border-radius:8px;background:#fff;font:inherit;min-block-size:34px}
input:focus-visible,select:focus-visible{outline:2px solid #005bd3;outline-offset:1px}
p{margin:4px 0 0}.details{color:#616161}.error{color:#8e0b21}
`,
  text: `
p{margin:0 0 4px}.subdued{color:#616161}.critical{color:#8e0b21}
`,
  badge: `
.badge{display:inline-block;padding:1px 8px;border-radius:8px;background:#ebebeb;color:#303030}
.badge.success{background:#cdfee1;color:#0c5132}.badge.info{background:#e0f0ff;color:#003a5a}
.badge.warning{background:#ffeb78;color:#4f4700}.badge.critical{background:#fedad9;color:#8e0b21}
`,
  table: `
:host([role=cell]),:host([role=columnheader]){padding:8px;border-block-end:1px solid #ebebeb;text-align:start;vertical-align:middle}
:host([role=columnheader]){color:#616161;font-weight:550}
.column{display:none;color:#616161}
@media(max-width:490px){
:host([role=rowgroup]){display:block!important}
:host([role=row]){display:block!important;padding-block:10px;border-block-end:1px solid #ebebeb}
:host([role=cell]){display:block!important;padding:2px 0;border:0}
:host([role=columnheader]){position:absolute;clip-path:inset(50%);inline-size:1px;block-size:1px;overflow:hidden;white-space:nowrap}
.column:not(:empty){display:inline-block;margin-inline-end:8px}
}
`,
} as const;

export type Look = keyof typeof looks;
