/** Provides the slides of the lesson, and the school's logo, made by Chromium. */
import type { Browser } from "playwright-core";

const SLIDES = [
  `<h1>Adding fractions <small>分数的加法</small></h1><p>Grade 7 · Unit 3 · Ms Wang</p>`,
  `<h2>Same denominator first <small>先通分</small></h2>
   <div class="bars"><i style="width:50%">½</i></div><div class="bars"><i style="width:25%">¼</i></div>
   <div class="bars"><i style="width:25%">¼</i><i style="width:25%">¼</i><i style="width:25%" class="more">¼</i></div>
   <p>½ = 2⁄4, so ½ + ¼ = 2⁄4 + ¼ = ¾</p>`,
  `<h2>Your turn <small>练一练</small></h2><ol><li>⅓ + ⅙</li><li>⅖ + 3⁄10</li><li>¾ + ⅛</li></ol>`,
  `<h2>Homework <small>作业</small></h2><p>Page 46, exercises 3 to 7 · 第 46 页,第 3–7 题</p>`,
];
const STYLE = `@page { size: 1600px 900px; margin: 0 }
  body { margin: 0; font-family: "DejaVu Sans", "WenQuanYi Micro Hei", sans-serif; color: #1d2b36 }
  section { box-sizing: border-box; width: 1600px; height: 899px; padding: 110px 130px; break-after: page;
    border-top: 26px solid #1f7a5c } h1 { font-size: 120px; margin: 120px 0 30px } h2 { font-size: 76px; margin: 0 0 60px }
  small { color: #1f7a5c; font-size: 60% } p, li { font-size: 52px; margin: 28px 0 }
  .bars { display: flex; height: 92px; width: 1000px; margin: 22px 0; background: #e8eef0 }
  i { background: #2f6f9f; color: #fff; font: 46px sans-serif; display: grid; place-items: center; border-right: 4px solid #fff; box-sizing: border-box }
  i.more { background: #d98b3a }`;

export async function slidesPdf(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage();
  await page.setContent(`<style>${STYLE}</style>${SLIDES.map((slide) => `<section>${slide}</section>`).join("")}`);
  const pdf = await page.pdf({ width: "1600px", height: "900px", printBackground: true });
  await page.close();
  return pdf;
}

/** A PNG. */
export async function schoolLogo(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
  await page.setContent(`<style>body { margin: 0; background: none } svg { display: block }</style>
    <svg width="128" height="128" viewBox="0 0 128 128"><rect width="128" height="128" rx="28" fill="#1f7a5c"/>
    <path d="M18 92 Q42 74 64 92 T110 92" stroke="#bfe7d6" stroke-width="9" fill="none" stroke-linecap="round"/>
    <path d="M64 22 L102 44 L64 66 L26 44 Z" fill="#fff"/><path d="M42 56 V74 Q64 88 86 74 V56 L64 68 Z" fill="#dff3ea"/></svg>`);
  const png = await page.screenshot({ omitBackground: true });
  await page.close();
  return png;
}
