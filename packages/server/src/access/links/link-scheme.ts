/** Defines the schemes of signed links that other systems make, and the keys by which their links are checked. */

export const LINK_SCHEMES = ["upyun", "aliyun-a", "aliyun-b", "aliyun-c", "tencent", "nginx"] as const;
export type LinkScheme = (typeof LINK_SCHEMES)[number];

/** A secret that a school shares with the system that signs its links. Two keys at once hold while one replaces the other. */
export type LinkKey = {
  readonly id: string;
  readonly scheme: LinkScheme;
  readonly secret: string;
  /**
   * Seconds that a link goes on after the time that is written in it, as the other system is configured. Default: the scheme's
   * `validSeconds`, 1800 for those of Aliyun and 0 for the others.
   */
  readonly validSeconds?: number;
};
