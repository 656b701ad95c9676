/** Shows the machine of a node as bars: processors, memory, disk, and its line. */
import { serverClock } from "@lectern/player/server-clock";
import { useQuery } from "@tanstack/react-query";
import { formatValue } from "../../plots/plot-text.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { loadLevel } from "./node-order.ts";
import "./nodes.css";

/** In the order of the bars. Their names in the messages are `nodes.machine.NAME`. */
const SHARES = ["cpu", "memory", "disk"] as const;
/** A node tells its figures every ten seconds. */
const LOOK_BACK_MS = 60_000;
const REFETCH_MS = 10_000;

type MachineBarsProps = {
  readonly id: string;
  /** Of the line, 0 to 1. */
  readonly line: number;
  readonly lineText: string;
};

export function MachineBars({ id, line, lineText }: MachineBarsProps) {
  const { t, i18n } = useTranslation();
  const shares = useQuery({
    queryKey: ["node machine", id],
    queryFn: () => loadShares(id),
    refetchInterval: REFETCH_MS,
  });
  return (
    <dl className="machine-bars">
      {SHARES.map((name) => {
        const share = shares.data?.get(name) ?? null;
        const text = share === null ? t("nodes.machine.unknown") : formatValue(share, "share", i18n.language);
        return <MachineBar key={name} label={t(`nodes.machine.${name}`)} of={id} share={share} text={text} />;
      })}
      <MachineBar label={t("nodes.machine.line")} of={id} share={line} text={lineText} />
    </dl>
  );
}

type MachineBarProps = {
  readonly label: string;
  readonly of: string;
  /** Null: not measured. */
  readonly share: number | null;
  readonly text: string;
};

function MachineBar({ label, of, share, text }: MachineBarProps) {
  const percent = Math.min(100, Math.round((share ?? 0) * 100));
  return (
    <div className={`machine-bar ${loadLevel(share ?? 0)}`}>
      <dt>{label}</dt>
      <dd>
        {share === null ? null : <meter className="unseen" aria-label={`${label}: ${of}`} max={100} value={percent} />}
        <span className="machine-track" aria-hidden="true">
          <span style={{ width: `${percent}%` }} />
        </span>
        <span className="machine-text">{text}</span>
      </dd>
    </div>
  );
}

/** The newest values; none of what the node has not told within a minute. */
async function loadShares(subject: string): Promise<ReadonlyMap<string, number>> {
  const to = serverClock.now();
  const span = { from: new Date(to - LOOK_BACK_MS).toISOString(), to: new Date(to).toISOString() };
  const query = { kind: "node" as const, subject, metric: SHARES.join(), ...span };
  const { series } = await unwrap(api().GET("/api/v1/series", { params: { query } }));
  return new Map(
    series.flatMap(({ metric, values }) => {
      const newest = values.findLast((value) => value !== null);
      return newest === null || newest === undefined ? [] : [[metric, newest] as const];
    }),
  );
}
