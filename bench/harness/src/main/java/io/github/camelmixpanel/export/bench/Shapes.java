package io.github.camelmixpanel.export.bench;

import static io.github.camelmixpanel.export.bench.Figure.Of.CPU;
import static io.github.camelmixpanel.export.bench.Figure.Of.WALL;
import static io.github.camelmixpanel.export.bench.Figure.atMost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Events that are not the usual ones, each kind against curl. */
final class Shapes {

    static final String LONG_LINES = "lines of 64 KB";
    static final String ESCAPES = "escapes everywhere";
    static final String LEVEL_1 = "gzip -1";

    private static final String CURL = "curl, ";

    static final List<Figure> FIGURES =
            List.of(
                    figure(LONG_LINES, WALL),
                    figure(LONG_LINES, CPU),
                    figure(ESCAPES, WALL),
                    figure(ESCAPES, CPU),
                    figure(LEVEL_1, WALL),
                    figure(LEVEL_1, CPU));

    private Shapes() {}

    /**
     * @param usual for the control
     * @param days a window of each kind
     */
    static List<Contender> of(
            Contenders contenders, PreparedDay usual, Map<String, PreparedDay> days) {
        List<Contender> list = new ArrayList<>();
        list.add(contenders.curl(Contenders.CONTROL, List.of(usual)));
        days.forEach(
                (kind, day) -> {
                    Contender curl = contenders.curl(CURL + kind, List.of(day));
                    list.add(curl.named(curl.what() + ", " + kind));
                    list.add(
                            contenders.ours(kind, "this component, " + kind, List.of(day)).build());
                });
        list.add(contenders.curl(Contenders.CONTROL_AGAIN, List.of(usual)));
        return list;
    }

    private static Figure figure(String kind, Figure.Of of) {
        return atMost(kind + " ÷ curl", kind, CURL + kind, of, 0, 0);
    }
}
