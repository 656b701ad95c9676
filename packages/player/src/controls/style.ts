/** Provides the style sheet of both players. It is constructed, which a strict Content-Security-Policy allows. */

const CSS = `
:host { display: block; position: relative; aspect-ratio: 16 / 9; background: #000; color: #fff; overflow: hidden; isolation: isolate;
  --size: var(--lectern-control-size, 44px); container-type: inline-size; font: 15px/1.4 system-ui, "PingFang SC", "Noto Sans CJK SC", "Segoe UI", sans-serif; }
:host([hidden]) { display: none; }
:host(:focus-visible) { outline: 3px solid #4c9ffe; outline-offset: 2px; }
[hidden] { display: none !important; }
video, canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
canvas { pointer-events: none; }
.controls { position: absolute; inset: 0; display: flex; flex-direction: column; justify-content: flex-end; pointer-events: none; }
.bar { display: flex; align-items: center; gap: 2px; padding: 28px 8px 4px; pointer-events: auto; transition: opacity .2s;
  background: linear-gradient(transparent, rgb(0 0 0 / .72)); }
:host([idle]) .bar { opacity: 0; }
:host(:focus-within) .bar { opacity: 1; }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; min-width: var(--size); min-height: var(--size); cursor: pointer;
  pointer-events: auto; border-radius: 8px; }
button:focus-visible, input:focus-visible, select:focus-visible { outline: calc(var(--size) / 14) solid #4c9ffe; outline-offset: -3px; }
button:hover, .quality:hover { background: rgb(255 255 255 / .14); }
svg { width: calc(var(--size) * .55); height: calc(var(--size) * .55); display: block; margin: auto; fill: currentColor; stroke: currentColor; stroke-width: 1.6;
  stroke-linecap: round; stroke-linejoin: round; }
[data-outline] svg { fill: none; }
.mute svg { fill: none; }
.volume { width: 84px; min-height: 44px; accent-color: #fff; margin: 0 6px; }
.space { flex: 1; }
.bar.tall { display: block; position: relative; }
.row { display: flex; align-items: center; gap: 2px; }
.seek { display: block; width: 100%; min-height: 32px; margin: 0; accent-color: #4c9ffe; cursor: pointer; }
.preview { position: absolute; bottom: calc(100% - 24px); left: clamp(88px, calc(var(--at) * 100%), calc(100% - 88px)); transform: translateX(-50%);
  display: grid; justify-items: center; gap: 2px; padding: 4px; border-radius: 8px; background: rgb(0 0 0 / .82); pointer-events: none;
  font-variant-numeric: tabular-nums; }
.preview img { display: block; width: 160px; aspect-ratio: 16 / 9; object-fit: contain; border-radius: 4px; background: #000; }
.skip { font-weight: 600; }
.clock { padding: 0 8px; white-space: nowrap; font-variant-numeric: tabular-nums; }
.chapter { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; opacity: .85; }
.quality { position: relative; display: flex; align-items: center; justify-content: center; gap: 6px; min-width: var(--size); min-height: var(--size);
  padding: 0 8px; border-radius: 8px; white-space: nowrap; }
.quality svg { margin: 0; fill: none; }
.quality select { position: absolute; inset: 0; width: 100%; font: inherit; color: transparent; background: none; border: 0; border-radius: 8px;
  appearance: none; cursor: pointer; }
select.quality { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
.quality option, option { color: #10202b; background: #fff; }
.live { display: flex; align-items: center; gap: 7px; min-width: 44px; flex-shrink: 1; overflow: hidden; text-overflow: ellipsis; padding: 0 10px; white-space: nowrap; font-weight: 600; }
.live::before { content: ""; width: 9px; height: 9px; border-radius: 50%; background: #9aa4ad; }
.live.at-edge::before { background: #ff4d4f; }
.bars { display: inline-flex; align-items: flex-end; justify-content: center; gap: 3px; width: 44px; height: 18px; }
.bars i { width: 4px; border-radius: 1px; background: rgb(255 255 255 / .35); }
.bars i:nth-child(1) { height: 6px; } .bars i:nth-child(2) { height: 11px; } .bars i:nth-child(3) { height: 16px; }
.bars[data-quality=good] i, .bars[data-quality=fair] i:not(:nth-child(3)), .bars[data-quality=poor] i:nth-child(1) { background: #fff; }
.sound-only { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 6px;
  padding: 60px 16px 52px; text-align: center; background: rgb(16 32 43 / .78); pointer-events: none; }
.sound-only strong { display: flex; align-items: center; gap: 8px; font-size: 1.15em; }
.sound-only svg { width: 28px; height: 28px; margin: 0; fill: none; }
.sound-only p { max-width: 30em; margin: 0; opacity: .9; }
.status { align-self: center; margin: auto; max-width: 34em; padding: 12px 18px; border-radius: 12px; background: rgb(0 0 0 / .72);
  text-align: center; display: flex; flex-direction: column; gap: 8px; align-items: center; pointer-events: auto; }
.retry, .sound { background: #fff; color: #10202b; padding: 0 18px; font-weight: 600; border-radius: 22px; }
.retry:hover, .sound:hover { background: #e4eef6; }
.sound { position: absolute; top: 14px; left: 50%; transform: translateX(-50%); box-shadow: 0 2px 12px rgb(0 0 0 / .4); }
@container (max-width: 420px) { .volume, .quality span { display: none; } .live { padding: 0 6px; }
  .tall .row { justify-content: space-between; } .tall .clock { position: absolute; top: 4px; left: 8px; padding: 1px 6px; border-radius: 6px; background: rgb(0 0 0 / .66); font-size: 13px; } .tall .chapter { display: none; } .sound-only p { font-size: 13px; } .sound-only { gap: 2px; padding-bottom: 44px; } }
@container (max-width: 300px) { .sound, .tall .row > :last-child { display: none; } }
@container (max-width: 200px) { .bar, .retry, .sound-only { display: none; } .status { margin: 6px; align-self: flex-start; width: 12px; height: 12px; padding: 0;
  border: 2px solid #fff; border-radius: 50%; background: #f0a020; overflow: hidden; font-size: 0; } }
@container (max-width: 380px) { .bars { display: none; } }
@media (prefers-reduced-motion: reduce) { .bar { transition: none; } }
`;

export function playerStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
