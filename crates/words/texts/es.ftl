# Español: usted. Fernández Huerta 60 o más (una prueba lo mide). Un traductor cualificado firma estos textos antes de
# usarlos (45 CFR 92.201(c)(3)).

## En todas partes
language-name = Español
languages = Idioma
help-call = La ayuda en otro idioma, en letra grande o en otro formato es gratis. Llame al { $phone } (TTY{ "\u00A0" }711).
help-by-letter = La ayuda en otro idioma, en letra grande o en otro formato es gratis. Escríbanos a esta dirección.
try-again = Intentar de nuevo
incident = Si llama o escribe, díganos este número: { $number }.
list = { $before } y { $last }
day =
    { $day } de { $month ->
        [m1] enero
        [m2] febrero
        [m3] marzo
        [m4] abril
        [m5] mayo
        [m6] junio
        [m7] julio
        [m8] agosto
        [m9] septiembre
        [m10] octubre
        [m11] noviembre
       *[m12] diciembre
    } de { $year }
some-updates = información de salud

## Qué es este sitio
front = Este sitio es para los enlaces de nuestros correos
front-text = Los correos de { $organization } traen un enlace para dejar de recibirlos. El enlace lleva a este sitio. Para usarlo, abra el correo y presione el enlace.

## Adónde llevan los enlaces de un correo de prueba
trial = Era una prueba
trial-text = El correo que trae este enlace era una prueba. El enlace no detiene ni cambia nada. En un correo verdadero lleva a la página de quien lo lee.

## Dejar de recibir
stop = ¿Quiere dejar de recibir estos correos?
stop-about = Correos: { $topic }
stop-button = Dejar de recibir estos correos
stop-all-button = Dejar de recibir todos los correos opcionales
stop-instead = Cambiar mis preferencias
stopped = Se canceló su suscripción
stopped-topic = Dejamos de enviarle “{ $topic }” en este momento. Si eligió otros correos, los seguirá recibiendo.
stopped-all = Dejamos de enviarle todos los correos opcionales en este momento.
still = Es posible que aún reciba correos sobre su atención médica o sus facturas, y avisos que exige la ley. También puede llegarle un correo enviado en el último minuto.
mistake = ¿Fue un error? Podemos enviarle un enlace para volver a elegir.
mistake-button = Envíenme un enlace

## No soy yo
not-me = ¿Este correo no es para usted?
not-me-text = Presione el botón y dejaremos de escribir a esta dirección.
not-me-button = No soy yo
not-me-done = Gracias. Ya no escribiremos a esta dirección.
not-me-done-text = Por favor, borre el correo.

## Lo que puede fallar
missing = Este enlace no funciona
missing-text = Puede que le falte una parte. Abra el correo otra vez y presione el enlace.
missing-call = También puede llamar al { $phone }. Podemos dejar de enviarle los correos.
missing-by-letter = También puede escribirnos a la dirección que está abajo. Podemos dejar de enviarle los correos.
improper = Esta página no puede hacer eso
improper-text = Abra el correo otra vez y presione el enlace.
improper-call = También puede llamar al { $phone }. Podemos dejar de enviarle los correos.
improper-by-letter = También puede escribirnos a la dirección que está abajo. Podemos dejar de enviarle los correos.
unshown = No podemos mostrar esta página en este momento
unshown-call = Inténtelo de nuevo en un minuto o llame al { $phone }.
unshown-by-letter = Inténtelo de nuevo en un minuto o escríbanos a la dirección que está abajo.
unsaved = No pudimos guardar el cambio
unsaved-call = Inténtelo de nuevo o llame al { $phone }.
unsaved-by-letter = Inténtelo de nuevo o escríbanos a la dirección que está abajo.
old-link = Este enlace ya no funciona
old-link-text = Pida uno nuevo.
old-link-button = Pedir un enlace nuevo
old-link-call = También puede llamar al { $phone }.
old-link-by-letter = También puede escribirnos a la dirección que está abajo.
errors = Por favor, revise esto

## Elija los correos
join = Elija los correos electrónicos que quiere recibir de { $organization }
join-you-decide = Usted decide. Su atención médica y sus costos no cambian, diga que sí o que no.
join-topics = ¿Qué correos quiere?
join-use = Cómo usamos su información
join-use-text = Usamos su expediente médico en { $organization }, por ejemplo su edad, sus citas y su historial de salud, para elegir los correos que le pueden servir. Las empresas que nos ayudan a enviar correos deben protegerla, por contrato. No la vendemos.
join-privacy = Correo y privacidad
join-privacy-text = Enviamos los correos de forma protegida. Cualquier persona que pueda abrir su correo puede leer sus mensajes.
join-stop-call = Puede dejar de recibirlos cuando quiera. Use el enlace que viene en cada correo o llame al { $phone }. Dejamos de enviarlos de inmediato. Un correo que ya salió todavía puede llegarle.
join-stop-by-letter = Puede dejar de recibirlos cuando quiera. Use el enlace que viene en cada correo o escríbanos. Dejamos de enviarlos de inmediato. Un correo que ya salió todavía puede llegarle.
join-you = Sus datos
join-email = Correo electrónico
join-given = Nombre
join-family = Apellidos
join-birth = Fecha de nacimiento
join-birth-why = Para encontrar su expediente.
join-month = Mes
join-day = Día
join-year = Año
join-other-call = ¿Es para otra persona? Llame al { $phone }.
join-other-by-letter = ¿Es para otra persona? Escríbanos a la dirección que está abajo.
join-yes = Sí, quiero recibir estos correos
join-no = No, gracias
join-none = Por ahora no hay correos para elegir aquí.
join-form = Formulario { $name }, versión { $version }, { $date }
join-form-name = Preferencias de correo
join-need-topic = Elija al menos un tipo de correo
join-need-email = Escriba su correo electrónico, por ejemplo: nombre@example.com
join-need-name = Escriba su nombre y apellidos
join-need-birth = Escriba su fecha de nacimiento: mes, día y año, por ejemplo: 3 14 1980
asked = Revise su correo
asked-text = Enviamos un mensaje a { $address }. Ábralo, haga clic en el enlace y presione “Confirmar”. Hasta entonces no recibirá estos correos.
asked-call = ¿No le llegó? Busque en su carpeta de correo no deseado (spam) o llame al { $phone }.
asked-by-letter = ¿No le llegó? Busque en su carpeta de correo no deseado (spam) o escríbanos a la dirección que está abajo.
declined = No recibirá estos correos
declined-text = Nada más cambia.

## Confirme su elección
confirm = Confirme su elección
confirm-text = Usted pidió: { $topics }. Presione el botón para confirmar.
confirm-button = Confirmar
confirm-not-you = ¿No lo pidió usted? Cierre esta página. No recibirá estos correos.
confirmed = Listo
confirmed-text = Si sus datos coinciden con nuestros registros, recibirá: { $topics }. Puede cambiarlo cuando quiera.

## Sus preferencias
choices = Sus preferencias de correo electrónico
choices-for = Para { $address }.
choices-only-you = Si otras personas usan esta dirección, las preferencias de ellas no cambian.
choices-topics = Correos que quiere recibir
choices-pace = Con qué frecuencia, como máximo
choices-pace-each = Cada vez que se envíen
choices-pace-week = Una vez por semana
choices-pace-month = Una vez al mes
choices-language = Idioma
language-english = English
language-spanish = Español
choices-save = Guardar mis preferencias
choices-stop = Dejar de recibir todos los correos opcionales
choices-care-call = Los correos sobre su atención médica, como los recordatorios de citas, van por separado. Para cambiar cómo nos comunicamos con usted sobre su atención, llame al { $phone }. No tiene que decir por qué.
choices-care-by-letter = Los correos sobre su atención médica, como los recordatorios de citas, van por separado. Para cambiar cómo nos comunicamos con usted sobre su atención, escríbanos a la dirección que está abajo. No tiene que decir por qué.
choices-saved = Guardado
choices-will = Recibirá: { $topics }.
choices-will-week = Recibirá: { $topics }, una vez por semana como máximo.
choices-will-month = Recibirá: { $topics }, una vez al mes como máximo.
choices-will-not = No recibirá: { $topics }.
choices-stopped = Ya no le enviaremos correos opcionales.
choices-ask = Cambie sus preferencias de correo
choices-ask-text = Escriba su correo electrónico. Si lo tenemos, le enviaremos un enlace. Funciona durante 30 minutos.
choices-ask-button = Envíenme un enlace
choices-asked = Revise su correo
choices-asked-text = Si tenemos esta dirección, el enlace va en camino.

## Copia de un permiso firmado
copy = Su permiso
copy-text = Esta es una copia del permiso que usted dio a { $organization }.
copy-check = Escriba su fecha de nacimiento para ver su copia
copy-check-text = Para proteger su privacidad, primero le pedimos su fecha de nacimiento.
copy-check-button = Ver mi copia
copy-wrong = Esa no es la fecha de nacimiento que tenemos. Inténtelo de nuevo.
copy-locked = Demasiados intentos
copy-locked-text = Por seguridad, cerramos este enlace. Pídanos uno nuevo.
copy-information = Qué información
copy-who = Quién puede usarla
copy-to = Quién puede recibirla
copy-purpose = Para qué
copy-payment = Pago
copy-payment-text = { $organization } recibe un pago por enviarle esto.
copy-choice = Usted decide
copy-choice-text = No tiene que firmar. Su tratamiento, los pagos, su inscripción en un plan de salud y sus beneficios no dependen de ello.
copy-shared = Si se comparte
copy-shared-text = Quien reciba su información podría compartirla con otros. En ese caso, es posible que la ley federal de privacidad ya no la proteja.
copy-ends = Cuándo termina
copy-ends-on = El { $date }.
copy-ends-event = Cuando pase esto: { $event }
copy-signed = Firma
copy-signed-on = Firmado el { $date }.
copy-signed-for = Firmó en nombre del paciente: { $authority }
copy-back = Cómo retirar su permiso
copy-back-text = Puede retirarlo en cualquier momento. Presione el botón o escriba a { $postal }. Dejaremos de usar su información en cuanto recibamos su aviso. No podemos deshacer lo que hicimos antes.
copy-revoke = Retirar mi permiso
copy-revoked = Su permiso terminó en este momento
copy-revoked-text = Guardamos el formulario firmado porque la ley lo exige.
copy-ended = Este permiso ya terminó.

## Correos que alguien pidió
mail-why = Recibe este correo porque alguien escribió esta dirección en una página de { $organization }.
mail-why-copy = Recibe este correo porque le pidió una copia a { $organization }.
mail-confirm = Por favor, confirme los correos que eligió
mail-confirm-text = Alguien pidió que { $organization } envíe correos a esta dirección. Si fue usted, abra el enlace y presione “Confirmar”. Si no, no haga nada. No recibirá estos correos.
mail-confirm-link = Confirmar mi elección
mail-choices = Su enlace para cambiar sus preferencias de correo
mail-choices-text = Alguien pidió este enlace. Funciona durante 30 minutos. Si no fue usted, no haga nada. Nada cambiará.
mail-choices-link = Cambiar mis preferencias
mail-choices-whose = Este enlace es para { $name }.
mail-copy = Su copia está lista
mail-copy-text = Usted pidió a { $organization } una copia de un formulario que firmó. Use este enlace para leerla. Le pediremos una fecha de nacimiento. Funciona durante 7 días.
mail-copy-link = Leer mi copia
