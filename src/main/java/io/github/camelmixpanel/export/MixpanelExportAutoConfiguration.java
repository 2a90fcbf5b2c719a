package io.github.camelmixpanel.export;

import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.support.PropertyBindingSupport;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * In Spring Boot, sets the options of the component from {@code camel.component.mixpanel-export.*},
 * as camel-main and Quarkus do: in kebab-case or camelCase, with Spring's or Camel's placeholders.
 * An option that does not exist fails the start.
 *
 * <p>Nothing else refers to this class, so that Spring Boot is needed by its users alone.
 */
@AutoConfiguration
public class MixpanelExportAutoConfiguration {

    private static final String PREFIX = "camel.component.mixpanel-export";

    @Bean
    ComponentCustomizer mixpanelExportOptions(Environment environment) {
        return new ComponentCustomizer() {
            @Override
            public boolean isEnabled(String name, Component target) {
                return target instanceof MixpanelExportComponent;
            }

            @Override
            public void configure(String name, Component target) {
                setOptions((MixpanelExportComponent) target, environment);
            }
        };
    }

    private static void setOptions(MixpanelExportComponent component, Environment environment) {
        Map<String, Object> options =
                new TreeMap<>(
                        Binder.get(environment)
                                .bind(PREFIX, Bindable.mapOf(String.class, String.class))
                                .orElse(Map.of()));
        PropertyBindingSupport.build()
                .withCamelContext(component.getCamelContext())
                .withTarget(component)
                .withConfigurer(component.getComponentPropertyConfigurer())
                .withProperties(options)
                .withIgnoreCase(true)
                .withRemoveParameters(true)
                .bind();
        if (!options.isEmpty()) {
            throw new IllegalArgumentException(
                    "No such option: "
                            + PREFIX
                            + "."
                            + String.join(", " + PREFIX + ".", options.keySet()));
        }
    }
}
