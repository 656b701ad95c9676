/** Records how viewers join as spans: `join`, from the question whether somebody may watch to the first key frame, and `permission` within it. */
import type { AccessRequest, Ask } from "../../access/access.ts";
import type { JoinTrace } from "../../access/admission.ts";
import type { Streams } from "../../live/streams/index.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Span } from "../../platform/tracing/span.ts";
import { parseTraceparent } from "../../platform/tracing/trace-context.ts";
import type { Tracer } from "../../platform/tracing/tracer.ts";

/** The same question, with a span around it where the viewer's trace is recorded. */
export function tracedAsk(ask: Ask, tracer: Tracer, streams: Pick<Streams, "because">): Ask {
  if (!tracer.isOn) return ask;
  return async (request, present) => {
    const span = beginJoin(tracer, request);
    if (!span) return await ask(request, present);
    const { app, name } = request;
    const forget = streams.because(app, name, span.context);
    const end = (error: string | null): void => {
      forget();
      span.end(error);
    };
    const permission = tracer.begin("permission", { kind: "internal", parent: span.context, sampling: "parent" });
    const asked = await ask(request, async (found) => {
      permission?.event("rules");
      const absent = await present(found);
      permission?.event("stream");
      return absent;
    }).catch((error: unknown) => {
      permission?.end("failed");
      end("failed");
      throw error;
    });
    const code = asked instanceof Refusal ? asked.code : null;
    permission?.end(code);
    if (asked instanceof Refusal) {
      end(code);
      return asked;
    }
    const trace: JoinTrace = {
      event: (what) => span.event(what),
      joined: (publisher) => {
        span.event("first key frame");
        span.link(publisher);
        end(null);
      },
    };
    const { close } = asked;
    return Object.assign(asked, {
      trace,
      close: () => {
        end("gone");
        close();
      },
    });
  };
}

/** A stranger's player names the trace. Whether it is recorded, only its id says. */
function beginJoin(tracer: Tracer, { action, protocol, app, name, seat, credentials }: AccessRequest): Span | null {
  if (action !== "play" || seat === "probe") return null;
  return tracer.begin("join", {
    kind: "server",
    sampling: "trace-id",
    parent: parseTraceparent(credentials.traceparent),
    attributes: { "lectern.stream": `${app}/${name}`, "lectern.protocol": protocol },
  });
}
