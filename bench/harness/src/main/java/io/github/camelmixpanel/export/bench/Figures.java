package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Contenders.BARE;
import static io.github.camelmixpanel.export.bench.Contenders.BARE_FOUR;
import static io.github.camelmixpanel.export.bench.Contenders.CONTROL;
import static io.github.camelmixpanel.export.bench.Contenders.CURL_FOUR;
import static io.github.camelmixpanel.export.bench.Contenders.FILTER;
import static io.github.camelmixpanel.export.bench.Contenders.FOUR;
import static io.github.camelmixpanel.export.bench.Contenders.JMX;
import static io.github.camelmixpanel.export.bench.Contenders.ONE;
import static io.github.camelmixpanel.export.bench.Contenders.SMALL_HEAP;
import static io.github.camelmixpanel.export.bench.Contenders.TODAY;
import static io.github.camelmixpanel.export.bench.Contenders.WITHOUT_DEDUPE;
import static io.github.camelmixpanel.export.bench.Figure.Of.CPU;
import static io.github.camelmixpanel.export.bench.Figure.Of.MEMORY;
import static io.github.camelmixpanel.export.bench.Figure.Of.WALL;
import static io.github.camelmixpanel.export.bench.Figure.atLeast;
import static io.github.camelmixpanel.export.bench.Figure.atMost;

import java.util.List;

/** The ratios that the project has set itself. */
final class Figures {

    static final List<Figure> MAIN =
            List.of(
                    atMost("four windows ÷ curl", FOUR, CURL_FOUR, WALL, 1.6, 1.2),
                    atMost("four windows ÷ curl", FOUR, CURL_FOUR, CPU, 2.6, 1.8),
                    atMost("one window ÷ curl", ONE, CONTROL, WALL, 2.1, 1.5),
                    atMost("one window ÷ curl", ONE, CONTROL, CPU, 0, 0),
                    atMost("four windows, Camel alone ÷ curl", BARE_FOUR, CURL_FOUR, WALL, 0, 0),
                    atMost("four windows, Camel alone ÷ curl", BARE_FOUR, CURL_FOUR, CPU, 0, 0),
                    atMost("one window, Camel alone ÷ curl", BARE, CONTROL, WALL, 0, 0),
                    atMost("four windows ÷ Camel alone", FOUR, BARE_FOUR, WALL, 0, 0),
                    atMost("four windows ÷ Camel alone", FOUR, BARE_FOUR, CPU, 0, 0),
                    atMost("one window ÷ Camel alone", ONE, BARE, WALL, 0, 0),
                    atMost("one window ÷ Camel alone", ONE, BARE, CPU, 0, 0),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, WALL, 5, 8),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, CPU, 4, 6),
                    atLeast("the route by hand ÷ ours, filtering", TODAY, FILTER, MEMORY, 0, 0),
                    atMost("with ÷ without deduplication", ONE, WITHOUT_DEDUPE, WALL, 1.25, 1.12),
                    atMost("with ÷ without deduplication", ONE, WITHOUT_DEDUPE, CPU, 1.25, 1.12),
                    atMost("-Xmx64m ÷ default heap", SMALL_HEAP, ONE, WALL, 1.1, 1.1),
                    atMost("Camel's JMX, on ÷ off", JMX, ONE, CPU, 0, 0));

    private Figures() {}
}
