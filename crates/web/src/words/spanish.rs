//! Spanish: usted. Texts of UI.md where it has them; a qualified translator signs the others off before use
//! (45 CFR 92.201(c)(3)).

use super::{TroubleWords, Words};

pub(crate) const SPANISH: Words = Words {
    name: "Español",
    languages: "Idioma",
    help: (
        "La ayuda en otro idioma, en letra grande o en otro formato es gratis. Llame al ",
        " (TTY\u{a0}711).",
    ),
    help_by_letter: "La ayuda en otro idioma, en letra grande o en otro formato es gratis. Escríbanos a esta dirección.",

    front: "Este sitio es para los enlaces de nuestros correos",
    front_text: (
        "Los correos de ",
        " traen un enlace para dejar de recibirlos. El enlace lleva a este sitio. Para usarlo, abra el correo y presione el enlace.",
    ),

    stop: "¿Quiere dejar de recibir estos correos?",
    stop_about: "Correos: ",
    stop_button: "Dejar de recibir estos correos",
    stop_all_button: "Dejar de recibir todos los correos opcionales",

    stopped: "Se canceló su suscripción",
    stopped_topic: (
        "Dejamos de enviarle “",
        "” en este momento. Si eligió otros correos, los seguirá recibiendo.",
    ),
    stopped_all: "Dejamos de enviarle todos los correos opcionales en este momento.",
    still: "Es posible que aún reciba correos sobre su atención médica o sus facturas, y avisos que exige la ley. También puede llegarle un correo enviado en el último minuto.",
    mistake: ("¿Fue un error? Llame al ", "."),
    mistake_by_letter: "¿Fue un error? Escríbanos a la dirección que está abajo.",

    not_me: "¿Este correo no es para usted?",
    not_me_text: "Presione el botón y dejaremos de escribir a esta dirección.",
    not_me_button: "No soy yo",
    not_me_done: "Gracias. Ya no escribiremos a esta dirección.",
    not_me_done_text: "Por favor, borre el correo.",

    not_found: TroubleWords {
        heading: "Este enlace no funciona",
        text: Some("Puede que le falte una parte. Abra el correo otra vez y presione el enlace."),
        call: ("También puede llamar al ", ". Podemos dejar de enviarle los correos."),
        by_letter: "También puede escribirnos a la dirección que está abajo. Podemos dejar de enviarle los correos.",
    },
    not_thus: TroubleWords {
        heading: "Esta página no puede hacer eso",
        text: Some("Abra el correo otra vez y presione el enlace."),
        call: ("También puede llamar al ", ". Podemos dejar de enviarle los correos."),
        by_letter: "También puede escribirnos a la dirección que está abajo. Podemos dejar de enviarle los correos.",
    },
    not_shown: TroubleWords {
        heading: "No podemos mostrar esta página en este momento",
        text: None,
        call: ("Inténtelo de nuevo en un minuto o llame al ", "."),
        by_letter: "Inténtelo de nuevo en un minuto o escríbanos a la dirección que está abajo.",
    },
    not_saved: TroubleWords {
        heading: "No pudimos guardar el cambio",
        text: None,
        call: ("Inténtelo de nuevo o llame al ", "."),
        by_letter: "Inténtelo de nuevo o escríbanos a la dirección que está abajo.",
    },
    try_again: "Intentar de nuevo",
    incident: ("Si llama o escribe, díganos este número: ", "."),
};
