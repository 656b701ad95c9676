/** Signing in, for pages that are only for those who teach or run a school. */
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, api, saveSessionToken, unwrap } from "./api.ts";

/** The words it needs of a page's own. */
export const SIGN_IN_MESSAGES = {
  en: {
    signIn: "Sign in",
    login: "Sign-in name",
    password: "Password",
    school: "School (its short name)",
    schoolHint: "Only needed where your name is known in several schools.",
    offline: "The server cannot be reached. Try again in a moment.",
    signOut: "Sign out",
  },
  "zh-CN": {
    signIn: "登录",
    login: "账号",
    password: "密码",
    school: "学校（简称）",
    schoolHint: "仅当你的账号在多个学校存在时需要填写。",
    offline: "无法连接服务器，请稍后再试。",
    signOut: "退出登录",
  },
};

export function SignIn({ onDone, children }: { onDone: () => void; children?: ReactNode }) {
  const { t } = useTranslation();
  const [fields, setFields] = useState({ login: "", password: "", school: "" });
  const [severalSchools, setSeveralSchools] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      const { login, password, school } = fields;
      const body = { login, password, ...(school ? { school } : {}) };
      const { token } = await unwrap(api(null).POST("/api/v1/sessions", { body }));
      saveSessionToken(token);
      onDone();
    } catch (error) {
      setTrouble(error instanceof ApiError ? error.problem.detail : t("offline"));
      if (error instanceof ApiError && error.problem.code === "bad-request") setSeveralSchools(true);
    } finally {
      setBusy(false);
    }
  };
  const field = (name: "login" | "password" | "school", type: string, autoComplete: string) => (
    <div className="field">
      <label htmlFor={name}>{t(name)}</label>
      <input
        id={name}
        type={type}
        required={name !== "school"}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        value={fields[name]}
        onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
      />
      {name === "school" ? <small className="text-muted">{t("schoolHint")}</small> : null}
    </div>
  );
  return (
    <main className="card">
      <h1>Lectern</h1>
      {children}
      <form onSubmit={(event) => void submit(event)} className="form">
        {field("login", "text", "username")}
        {field("password", "password", "current-password")}
        {severalSchools ? field("school", "text", "organization") : null}
        {trouble ? (
          <p className="error" role="alert">
            {trouble}
          </p>
        ) : null}
        <button type="submit" className="button primary" disabled={busy}>
          {t("signIn")}
        </button>
      </form>
    </main>
  );
}
