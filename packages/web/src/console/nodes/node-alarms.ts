/** Finds the open alarms of a node among all: those of the node itself, of its parts, of the links to it, and of the streams that it relays or tests. */
import { alarmSubject } from "../alarms/alarm-subject.ts";

type Named = { readonly subject: string; readonly detail: string };

export function alarmsOfNode<Alarm extends Named>(id: string, alarms: readonly Alarm[]): readonly Alarm[] {
  return alarms.filter(({ subject, detail }) => {
    const about = alarmSubject(subject, detail);
    return about.kind === "link" ? about.to === id : "node" in about && about.node === id;
  });
}
