/** The part that a file belongs to: its package, or the project itself. */
export function partOf(file: string): string {
  const path = file.replaceAll("\\", "/");
  const last = path.lastIndexOf("/node_modules/");
  if (last < 0) return path.startsWith("/") ? "the project's own files" : "Node's own modules";
  const [scope = "", name = ""] = path.slice(last + "/node_modules/".length).split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
}
