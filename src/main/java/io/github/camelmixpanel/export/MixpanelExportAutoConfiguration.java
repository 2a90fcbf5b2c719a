package io.github.camelmixpanel.export;

import java.util.Map;
import java.util.Set;
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
 * An option that does not exist fails the start. As with Camel's starters, {@code enabled=false} or
 * {@code customizer.enabled=false} leaves the component as it is.
 *
 * <p>Nothing else refers to this class, so that Spring Boot is needed by its users alone.
 */
@AutoConfiguration
public class MixpanelExportAutoConfiguration {

    private static final String ALL = "camel.component";
    private static final String PREFIX = ALL + ".mixpanel-export";
    private static final String ENABLED = "enabled";
    private static final String CUSTOMIZER_ENABLED = "customizer.enabled";

    @Bean
    ComponentCustomizer mixpanelExportOptions(Environment environment) {
        return new ComponentCustomizer() {
            @Override
            public boolean isEnabled(String name, Component target) {
                return target instanceof MixpanelExportComponent
                        && isSet(environment, ENABLED)
                        && isSet(environment, CUSTOMIZER_ENABLED);
            }

            @Override
            public void configure(String name, Component target) {
                setOptions((MixpanelExportComponent) target, environment);
            }
        };
    }

    /** What holds for all components holds for this one, unless it says otherwise. */
    private static boolean isSet(Environment environment, String name) {
        boolean all = environment.getProperty(ALL + "." + name, Boolean.class, true);
        return environment.getProperty(PREFIX + "." + name, Boolean.class, all);
    }

    private static void setOptions(MixpanelExportComponent component, Environment environment) {
        Map<String, Object> options =
                new TreeMap<>(
                        Binder.get(environment)
                                .bind(PREFIX, Bindable.mapOf(String.class, String.class))
                                .orElse(Map.of()));
        options.keySet().removeAll(Set.of(ENABLED, CUSTOMIZER_ENABLED));
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
