# To be sourced in the project's folder by a script that runs an application against a simulated Mixpanel.
# Needs the project's test classes in target.
#
# work         an empty folder, deleted at the end
# application  to be set to the process of an application that runs, or to the group that it leads: ended at the end
# start_simulator [option …]
#   sets url, its address
# fail <why>
work=$(mktemp -d)
simulator= application=
stop() {
  [ -z "$application" ] || kill -- "-$application" 2> /dev/null || kill "$application" 2> /dev/null || true
  [ -z "$simulator" ] || kill "$simulator" 2> /dev/null || true
  rm -rf "$work"
}
trap stop EXIT

fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

start_simulator() {
  mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$work/simulator-classpath"
  java -cp "target/test-classes:$(cat "$work/simulator-classpath")" io.github.camelmixpanel.export.simulator.SimulatorMain "$@" \
    > "$work/simulator.log" &
  simulator=$!
  for _ in $(seq 60); do grep -qs http "$work/simulator.log" && break; sleep 1; done
  url=$(grep -o 'http.*' "$work/simulator.log")
}
