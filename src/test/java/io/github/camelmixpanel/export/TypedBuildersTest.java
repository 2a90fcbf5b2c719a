package io.github.camelmixpanel.export;

import static io.github.camelmixpanel.export.dsl.MixpanelExportComponentBuilderFactory.mixpanelExport;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelmixpanel.export.dsl.MixpanelExportComponentBuilderFactory.MixpanelExportComponentBuilder;
import io.github.camelmixpanel.export.dsl.MixpanelExportEndpointBuilderFactory;
import io.github.camelmixpanel.export.dsl.MixpanelExportEndpointBuilderFactory.MixpanelExportBuilders;
import io.github.camelmixpanel.export.option.LateEvents;
import io.github.camelmixpanel.export.simulator.MixpanelSimulator;
import io.github.camelmixpanel.export.testkit.Patiently;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.camel.Exchange;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The builders that Camel generates from the component's metadata, in routes that run. */
class TypedBuildersTest extends ExportTestSupport {

    private static final String DAY = "2026-10-05";

    @Override
    MixpanelSimulator.Builder simulator() {
        return super.simulator().inOrder();
    }

    /** The options that name the account, on the component. */
    private MixpanelExportComponentBuilder account() {
        return mixpanelExport()
                .projectId("7")
                .serviceAccount("account")
                .serviceAccountSecret("s3cr&t+%")
                .baseUrl(mixpanel.baseUrl())
                .stateDirectory(state().toString())
                .queriesPerSecond(100)
                .retryDelay(10);
    }

    @Test
    void registersAComponentWithItsOptions() {
        String secret = "s3cr&t+%";

        mixpanelExport()
                .projectId("1234567")
                .serviceAccount("export.a1b2c3.mp-service-account")
                .serviceAccountSecret(secret)
                .register(context, "mixpanel-export");

        MixpanelExportConfiguration options =
                context.getEndpoint("mixpanel-export:shop", MixpanelExportEndpoint.class)
                        .getConfiguration();
        assertThat(options.getProjectId()).isEqualTo("1234567");
        assertThat(options.getServiceAccountSecret()).isEqualTo(secret);
        assertThat(options.getTimeZone()).isEqualTo("UTC");
    }

    private abstract static class Routes extends EndpointRouteBuilder
            implements MixpanelExportBuilders {}

    @Test
    void consumesWhatTheBuilderSays() throws Exception {
        mixpanel.addEvents(lines(DAY, 3)).addEvents(lines("2026-10-06", 2));
        account().register(context, "mixpanel-export");
        context.addRoutes(
                new Routes() {
                    @Override
                    public void configure() {
                        from(mixpanelExport("shop")
                                        .fromDate(DAY)
                                        .toDate("{{?last}}")
                                        .where("properties[\"n\"] < 2 and true")
                                        .lateEvents(LateEvents.NONE)
                                        .batchSize(10)
                                        .initialDelay(0)
                                        .advanced()
                                        .exchangePattern("InOnly"))
                                .setHeader("day", header(mixpanelExport().mixpanelExportDay()))
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        Patiently.await().until(() -> received.size() == 2);

        assertThat(bodies()).containsExactlyInAnyOrder(batch(DAY), batch("2026-10-06"));
        assertThat(received).extracting(it -> it.header("day")).contains(DAY);
    }

    private String batch(String day) {
        return String.join("\n", List.of(lines(day, 2))) + "\n";
    }

    @Test
    void producesWhatTheBuilderSays() throws Exception {
        mixpanel.addEvents(lines(DAY, 3));
        account().register(context, "second");
        context.addRoutes(
                new Routes() {
                    @Override
                    public void configure() {
                        from(direct("ask"))
                                .to(mixpanelExport("second", "shop").fromDate(DAY).toDate(DAY))
                                .split(body())
                                .process(e -> received.add(Received.of(e)));
                    }
                });
        context.start();
        Exchange done = context.createProducerTemplate().send("direct:ask", e -> {});

        assertThat(done.getException()).isNull();
        assertThat(bodies()).containsExactlyInAnyOrder(lines(DAY, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "fromDate(\"P30D\"), true",
        "fromDat(\"P30D\"), false",
        "windowDays(true), false",
        "lateEvents(io.github.camelmixpanel.export.option.Region.US), false"
    })
    void theCompilerFindsAWrongOption(String option, boolean compiles) throws Exception {
        String source =
                """
                class Snippet extends org.apache.camel.builder.endpoint.EndpointRouteBuilder
                        implements io.github.camelmixpanel.export.dsl
                                .MixpanelExportEndpointBuilderFactory.MixpanelExportBuilders {
                    @Override
                    public void configure() {
                        from(mixpanelExport("shop").%s).to(log("events"));
                    }
                }
                """
                        .formatted(option);
        StringWriter messages = new StringWriter();

        assertThat(compile(source, messages)).as(messages.toString()).isEqualTo(compiles);
        assertThat(messages.toString().lines().filter(it -> it.contains("error:")))
                .hasSize(compiles ? 0 : 1);
    }

    private boolean compile(String source, StringWriter messages) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of(
                        "-proc:none",
                        "-d",
                        temp.toString(),
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")));
        return compiler.getTask(messages, null, null, options, null, List.of(file)).call();
    }

    @Test
    void offersAProducerOnlyWhatAProducerReads() {
        List<String> offered =
                Stream.of(
                                MixpanelExportEndpointBuilderFactory
                                        .MixpanelExportEndpointProducerBuilder.class
                                        .getMethods())
                        .map(Method::getName)
                        .toList();

        assertThat(offered)
                .contains("operation", "events", "where", "timeZone", "maxRetries", "projectId")
                .doesNotContain("lateEvents", "batchSize", "windowDays", "onFailure", "emit");
    }
}
