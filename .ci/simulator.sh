# To be sourced in the project's folder: starts a simulated Mixpanel, which the caller is to kill.
# Needs the project's test classes in target.
#
# start_simulator <folder for its files> [option …]
#   sets simulator, its process, and url, its address
start_simulator() {
  local folder=$1
  shift
  mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$folder/simulator-classpath"
  java -cp "target/test-classes:$(cat "$folder/simulator-classpath")" io.github.camelmixpanel.export.simulator.SimulatorMain "$@" \
    > "$folder/simulator.log" &
  simulator=$!
  for _ in $(seq 60); do grep -qs http "$folder/simulator.log" && break; sleep 1; done
  url=$(grep -o 'http.*' "$folder/simulator.log")
}
