/** Provides the form fields of a device that registers by GB/T 28181, and what they stand for. */
import type { CameraDevice } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";

const TRANSPORTS = ["udp", "tcp-passive", "tcp-active"] as const;

/** @param device null for a new one. Its code does not change, and its password is not shown. */
export function cameraFields(device: CameraDevice | null, t: Translate): readonly Field[] {
  const code: Field = { name: "code", label: t("cameras.code"), hint: t("cameras.codeHint"), required: true };
  return [
    { name: "title", label: t("fields.title"), required: true, value: device?.title ?? "" },
    ...(device === null ? [code] : []),
    {
      name: "password",
      label: t("cameras.password"),
      type: "password",
      hint: t(device === null ? "cameras.passwordHint" : "cameras.passwordKept"),
    },
    {
      name: "transport",
      label: t("cameras.transport"),
      hint: t("cameras.transportHint"),
      required: true,
      value: device?.transport ?? "udp",
      options: TRANSPORTS.map((value) => ({ value, label: t(`cameras.transports.${value}`) })),
    },
  ];
}

/** What a new device and a changed one have in common. An empty password stays as it is. */
export function cameraBody({ title = "", password = "", transport }: Values) {
  return {
    title: title.trim(),
    transport: TRANSPORTS.find((one) => one === transport) ?? "udp",
    ...(password === "" ? {} : { password }),
  };
}

/** What a camera is published as: its code, which no other one has. */
export function channelName(code: string): string {
  return `camera-${code}`;
}
