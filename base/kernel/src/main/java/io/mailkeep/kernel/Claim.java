package io.mailkeep.kernel;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says which promises (such as {@code DAT-3}) the marked code keeps, or the marked test proves. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Claim {
    /** Claim, attack or fault ids: {@code DAT-3}, {@code ATK-81}, {@code FLT-10}. */
    String[] value();
}
