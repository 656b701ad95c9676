/** Holds what a person types to sign in, sends it, and knows what else has to be asked. */
import { useState } from "react";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { passkeyProblem } from "../session/passkey-support.ts";
import { signInWithPasskey, signInWithPassword } from "../session/sign-in.ts";
import { useTranslation } from "../texts/use-translation.ts";

export function useSignIn(onDone: () => void) {
  const { t } = useTranslation();
  const [fields, setFields] = useState({ login: "", password: "", school: "", code: "" });
  const [asksSchool, setAsksSchool] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  /** @param work false: the person has cancelled */
  const attempt = async (work: () => Promise<boolean>): Promise<void> => {
    setBusy(true);
    setError("");
    try {
      if (await work()) onDone();
    } catch (failure) {
      setError(errorMessage(failure, t(passkeyProblem(failure) ?? "offline")));
      if (errorCode(failure) === "second-factor-required") setAsksCode(true);
      // The username exists in several schools.
      if (errorCode(failure) === "bad-request") setAsksSchool(true);
    } finally {
      setBusy(false);
    }
  };
  return {
    fields,
    setFields,
    asksSchool,
    askSchool: () => setAsksSchool(true),
    asksCode,
    error,
    busy,
    withPassword: () => attempt(() => signInWithPassword(fields)),
    withPasskey: () => attempt(() => signInWithPasskey(asksCode ? fields : null, fields.school)),
  };
}
