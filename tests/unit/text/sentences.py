"""Good sentences of four languages, written for these tests; where others would be tempted to repair something."""

VIETNAMESE = """\
Báo Hải Phòng ra số đầu tiên vào một ngày mùa thu.
Tòa soạn “Thủ Đô” mời bạn đọc gửi bài cộng tác.
Đường về Hải Phòng: ưu tiên hoà/hòa, thuỷ/thủy, khoẻ/khỏe.
UBND TP Hà Nội vừa ban hành quyết định mới về nhà ở xã hội.
“THỊ XÔ hay “THỊ XÃ”, “THỦ ĐÔ”, “CHÂU Â”… đều là chữ hoa trước dấu đóng.
Bà con nói: «Ở đây chỉ có một quán khoá»…
Giá vàng tăng 1.250.000đ/lượng, xăng 23.500đ/lít – mức cao nhất từ đầu năm.
Nhiệt độ 35°C, độ ẩm 80%, diện tích 120 m², công suất ±5%.
Ông Nguyễn Văn Ánh (1932–2019), quê ở huyện Ý Yên, tỉnh Nam Định.
Cà phê ở Đắk Lắk, hồ tiêu ở Gia Lai; giá cả ổn định.
Quyển sách ghi: giếng, gìn giữ, giặc giã, quốc gia, quýt, khuỷu tay.
Là con trai út, anh Phú thích đá bóng từ bé.
Thông báo: cà phê miễn phí.
Cô bé và chú bé đi về phía xa xa.
Ngày 2/9, Việt Nam kỷ niệm Quốc khánh; cả nước nghỉ hai ngày.
Con­sóng và mặt trời có dấu nối mềm\u00ad.
Ảnh: Minh Hảo © TTXVN; đồ họa: Đàm Thanh ®.
Vì sao? – Vì thế! … Ừ, à, ừm.
Xã hội hóa giáo dục là chủ trương lớn.
GIÁ ĐIỆN TĂNG, NGƯỜI DÂN Ở CÁC ĐÔ THỊ LO NGẠI
""".splitlines()

ENGLISH = """\
The newsroom opened at nine o’clock, and closed when everybody had left.
A café in Hanoi serves “egg coffee” – naïve visitors ask for milk.
Windows® and Word™ are trademarks; © 2001 ACME Inc. §5 applies.
It cost £20, €25 or ¥3000; the margin was ±3%, about ½ of what we planned.
Beyoncé’s résumé mentions São Paulo, Zürich and Malmö.
See http://example.org/?a=1&copy=2&para=3 for the full list.
Use x² + y³, not x*y; 20 °C is 68 °F; 5 µm is small.
Soft\u00adhyphens\u00adstay where they are.
""".splitlines()

FRENCH = """\
L’été dernier, à Paris, on préférait le café crème au thé.
« Où êtes-vous ? » demanda-t-il. Là-bas, près du château.
Ça va très bien, merci ; le garçon a mangé un pâté à la crème.
Où ?
À côté du théâtre, la forêt a brûlé jusqu’à l’hôtel.
Noël, maïs, Citroën, aiguë, œuvre, cœur, sœur, façade.
Le n° 1 coûte 3 € (TVA à 20 %).
Élève modèle, né à Orléans, il fut reçu premier.
""".splitlines()

CHINESE = """\
海防报今天出版了第一期。
河内的咖啡馆很多,价格也不贵。
“首都”一词用引号括起来……
越南语(Tiếng Việt)使用拉丁字母。
请把文件保存在 C:\\文档 里。
""".splitlines()

GOOD = [*VIETNAMESE, *ENGLISH, *FRENCH, *CHINESE]
