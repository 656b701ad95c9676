/** Lists the schemes of other systems' links by their names. A new scheme is one file, and one line here. */
import { aliyunA, aliyunB, aliyunC } from "./aliyun.ts";
import type { ForeignScheme } from "./foreign-scheme.ts";
import { nginx } from "./nginx.ts";
import { tencent } from "./tencent.ts";
import { upyun } from "./upyun.ts";

/** Named as `LINK_SCHEMES` are. */
export const FOREIGN_SCHEMES = {
  upyun,
  "aliyun-a": aliyunA,
  "aliyun-b": aliyunB,
  "aliyun-c": aliyunC,
  tencent,
  nginx,
} as const satisfies Readonly<Record<string, ForeignScheme>>;
