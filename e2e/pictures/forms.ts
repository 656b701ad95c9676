/** Provides the forms in which each page is looked at: a device, a language and a theme. */
import type { BrowserContextOptions } from "playwright-core";

export const DEVICES = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  sideways: { viewport: { width: 740, height: 360 }, hasTouch: true, isMobile: true },
  upright: { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1024, height: 768 }, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 } },
  wide: { viewport: { width: 1920, height: 1080 } },
  television: {
    viewport: { width: 1920, height: 1080 },
    userAgent: "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
  },
} as const satisfies Record<string, BrowserContextOptions>;
export const LANGUAGES = { en: "en-US", zh: "zh-CN" } as const;
export const THEMES = ["light", "dark"] as const;

export type Device = keyof typeof DEVICES;
export type Language = keyof typeof LANGUAGES;
export type Theme = (typeof THEMES)[number];
export type Form = { readonly device: Device; readonly language: Language; readonly theme: Theme };

export const formName = ({ device, language, theme }: Form): string => `${device}-${language}-${theme}`;
