/** Defines the schema of `audit`: how long the log of what concerns no school is kept, and where the audit log is sent. */
import { z } from "zod";

/** Of each transport, by the ports of IANA. */
const PORTS = { "syslog+tls:": 6514, "syslog+tcp:": 601, "syslog+udp:": 514 } as const;
const PROTOCOL = /^syslog\+(tls|tcp|udp)$/;

/** Article 21 of the Cybersecurity Law of the People's Republic of China: six months at least. */
export const LEAST_AUDIT_DAYS = 180;

export const auditSchema = z
  .strictObject({
    /** Days that entries are kept that concern no school; 0: always. A school has its own setting. */
    keepDays: z.union([z.literal(0), z.number().int().min(LEAST_AUDIT_DAYS).max(36_500)], "is 0, or at least 180").default(0),
    /** A receiver of the audit log: docs/monitoring.md. */
    syslog: z
      .strictObject({
        /** syslog+tls://host:6514; syslog+tcp and syslog+udp are not encrypted; empty: none. */
        url: z
          .union([z.literal(""), z.url({ protocol: PROTOCOL, error: "is not an address such as syslog+tls://host:6514" })])
          .default(""),
        /** rfc5424: with structured data; cef: ArcSight's Common Event Format; json: one object. */
        format: z.enum(["rfc5424", "cef", "json"]).default("rfc5424"),
        /** A file with the certificates that the receiver's is signed with; empty: those of the system. */
        ca: z.string().default(""),
        /** Files with a certificate and its key, where the receiver asks for one. */
        cert: z.string().default(""),
        key: z.string().default(""),
      })
      .refine(({ cert, key }) => (cert === "") === (key === ""), "has one of cert and key: each needs the other")
      .prefault({}),
  })
  .prefault({});

export type AuditSettings = z.output<typeof auditSchema>;

export type SyslogTarget = { readonly transport: "tls" | "tcp" | "udp"; readonly host: string; readonly port: number };

/** @param url as `audit.syslog.url` has it */
export function syslogTarget(url: string): SyslogTarget {
  const { protocol, hostname, port } = new URL(url);
  const known = protocol === "syslog+tcp:" || protocol === "syslog+udp:" ? protocol : "syslog+tls:";
  const transport = known === "syslog+tls:" ? "tls" : known === "syslog+tcp:" ? "tcp" : "udp";
  return { transport, host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? PORTS[known] : Number(port) };
}
