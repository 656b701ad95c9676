/** Prometheus metrics of a node's probes. They name no lesson, so their labels are few. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { PROBE_FAULTS, PROBE_VERDICTS, type ProbeReport } from "../../contracts/monitoring/probe-report.ts";

const FIRST_FRAME_BUCKETS = [0.1, 0.2, 0.5, 1, 2, 3, 5, 10];
const DAY_SECONDS = 86_400;

/** Adds the metrics to a registry. Returns what counts a run. */
export function probeMetrics(registry: Registry): (report: ProbeReport) => void {
  const registers = [registry];
  const runs = new Counter({ name: "lectern_probe_runs_total", help: "Runs of probes", labelNames: ["verdict"], registers });
  const faults = new Counter({
    name: "lectern_probe_faults_total",
    help: "Faults that probes found",
    labelNames: ["code"],
    registers,
  });
  const firstFrame = new Histogram({
    name: "lectern_probe_first_frame_seconds",
    help: "From a probe's request to the first picture",
    buckets: FIRST_FRAME_BUCKETS,
    registers,
  });
  const watched = new Counter({ name: "lectern_probe_watched_seconds_total", help: "How long probes have watched", registers });
  const stalled = new Counter({
    name: "lectern_probe_stalled_seconds_total",
    help: "How long the picture stood still or was left out while probes watched",
    registers,
  });
  const held = new Counter({
    name: "lectern_probe_held_seconds_total",
    help: "How long probes themselves were held by a busy machine, which is not counted as stalls",
    registers,
  });
  const certificate = new Gauge({
    name: "lectern_probe_certificate_days",
    help: "Days until the certificate that a probe saw last expires",
    registers,
  });
  for (const verdict of PROBE_VERDICTS) runs.inc({ verdict }, 0);
  for (const code of PROBE_FAULTS) faults.inc({ code }, 0);
  return (report) => {
    runs.inc({ verdict: report.verdict });
    for (const { code } of report.faults) faults.inc({ code });
    if (report.firstFrameMs !== null) firstFrame.observe(report.firstFrameMs / 1000);
    watched.inc(report.watchedMs / 1000);
    stalled.inc((report.stallMs + report.lostMs) / 1000);
    held.inc(report.lateMs / 1000);
    const { certificateEndsAt: ends, at } = report;
    if (ends !== null) certificate.set((ends - at) / 1000 / DAY_SECONDS);
  };
}
