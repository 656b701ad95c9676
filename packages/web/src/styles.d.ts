/** Declares style sheets, which are imported for what they do. */
declare module "*.css";
