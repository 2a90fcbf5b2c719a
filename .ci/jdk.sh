# To be sourced: finds a JDK of this machine.
#
# JAVA25_HOME=<folder>  where JDK 25 is, if not in the usual folders; so for others

is_jdk() { [ -n "$2" ] && [ -x "$2/bin/javac" ] && "$2/bin/javac" -version 2>&1 | grep -q "^javac $1\b"; }

# find_jdk <version>: prints its folder, or nothing
find_jdk() {
  local folder named=JAVA$1_HOME
  for folder in "${!named:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/*; do
    if is_jdk "$1" "$folder"; then printf '%s\n' "$folder"; return; fi
  done
}
