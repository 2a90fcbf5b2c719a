package com.example;

import io.github.camelmixpanel.export.MixpanelEvent;
import io.github.camelmixpanel.export.dsl.MixpanelExportEndpointBuilderFactory.MixpanelExportBuilders;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;

/** Every checkout of every complete day, in a few words, to one file of JSON lines per day. */
public class CheckoutRoute extends EndpointRouteBuilder implements MixpanelExportBuilders {

    @Override
    public void configure() {
        from(mixpanelExport("checkouts")
                        .fromDate("{{checkouts.fromDate:P3D}}")
                        .toDate("{{?checkouts.toDate}}")
                        .stateDirectory("{{checkouts.stateDirectory:.mixpanel-export}}")
                        .repeatCount(1)
                        .advanced()
                        .pollStrategy("#onePoll"))
                .routeId("checkouts")
                .filter(header(mixpanelExport().mixpanelExportEventName()).isEqualTo("checkout"))
                .transform()
                .body(MixpanelEvent.class, Checkout::of)
                .marshal()
                .json(JsonLibrary.Jackson)
                .to(
                        file("{{checkouts.folder:checkouts}}")
                                .fileName("${header.CamelMixpanelExportDay}.jsonl")
                                .fileExist("Append")
                                .appendChars("\n"));
    }

    /**
     * What is kept of a checkout. With the id a reader can drop the few lines that a crash repeats.
     */
    record Checkout(String id, String time, String who, Object amount, Object country) {

        static Checkout of(MixpanelEvent event) {
            return new Checkout(
                    event.getInsertId(),
                    String.valueOf(event.getTime()),
                    event.getDistinctId(),
                    event.getProperties().get("amount"),
                    event.getProperties().get("mp_country_code"));
        }
    }
}
